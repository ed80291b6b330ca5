//! Times and ids as the platforms write them.

use jiff::Timestamp;

/// With six digits of a second, as Segments does.
pub(super) fn micros() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

/// With three, as Labelbox and Ango do.
pub(super) fn millis() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// Random lower-case hexadecimal digits.
pub(super) fn hex(digits: usize) -> String {
    std::iter::repeat_with(|| fastrand::digit(16)).take(digits).collect()
}

/// A random UUID.
pub(super) fn uuid() -> String {
    format!("{}-{}-4{}-8{}-{}", hex(8), hex(4), hex(3), hex(3), hex(12))
}
