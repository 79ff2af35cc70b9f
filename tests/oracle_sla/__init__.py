"""A second, independent calculation of the two-sided SLA, from the glossary and the contract alone: plain and slow."""
