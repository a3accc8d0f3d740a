//! The trackline command.
