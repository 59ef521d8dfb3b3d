"""What lies in the tray of the simulated printer: kinds of documents, their pages, and how a page looks."""
