"""What people read, in their own language: the page as it renders, and a note on its way to Mews."""
