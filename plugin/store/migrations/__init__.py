"""How the store's tables come to be, one revision a release that changes them."""
