"""One function for each use case, shared by every interface. Here files, the shipped library and the clock come in."""
