"""onefunnel: one agreement, one funnel, one set of numbers for sales and marketing."""
