"""Each idea of the lecture worked out on a real model and a real image, one file an idea; numbers out, no drawing."""
