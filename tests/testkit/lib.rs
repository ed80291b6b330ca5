//! Pieces that the acceptance tests share.
