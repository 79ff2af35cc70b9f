{{ as_of_rows('invoices') }}
