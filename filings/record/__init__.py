"""What a deed reads before and writes down after: facts, the trail, enquiries, the outbox, what attached files hold."""
