"""Speaking with the company's provider: what it says of itself, the code flow with PKCE, who came."""
