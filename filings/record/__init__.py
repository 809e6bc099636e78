"""What a deed reads before and writes afterwards: facts, trail, enquiries, outbox, the bytes of attached files."""
