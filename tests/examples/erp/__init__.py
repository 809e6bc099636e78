"""A small ERP that registers its firms with customs through the single window."""
