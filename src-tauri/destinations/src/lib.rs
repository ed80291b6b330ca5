//! destinations
