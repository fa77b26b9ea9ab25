"""Which text and which facts a reader gets, now or of an instant, and what pages say about them."""
