{{ core_rows('invoices') }}
