//! The server over a real store in a temporary folder.

mod openapi;
