"""What adapters share to prove a request and to read it: pure, and the same for all of them."""
