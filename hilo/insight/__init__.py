"""Tables in, tables out: any event log measured, compared, put into sentences. Nothing here knows Django."""
