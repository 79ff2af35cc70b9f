"""What people open: static pages made from the published tables, without script, that need nothing but themselves."""
