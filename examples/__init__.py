"""Short scripts that show the library at work; the tests import and check each of them."""
