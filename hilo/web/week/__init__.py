"""*La semana*: what there was to be glad and to be sorry about, what is stuck; and passing praise on."""
