//! Figures with units as people type them: bytes a second, and lengths of time.

use gantry_model::words::{Value, say};
use std::str::FromStr;

/// Bytes a second; 0 is full speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate(pub u64);

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || say("console-bad-rate", &[("value", Value::Text(text))]);
        let (number, unit) = split(text).ok_or_else(wrong)?;
        let factor: u64 = match unit {
            "" => 1,
            "k" => 1_000,
            "M" => 1_000_000,
            "G" => 1_000_000_000,
            "Ki" => 1 << 10,
            "Mi" => 1 << 20,
            "Gi" => 1 << 30,
            _ => return Err(wrong()),
        };
        scaled(number, factor).map(Self).ok_or_else(wrong)
    }
}

/// A length of time, such as `30s`, `10m`, `1h30m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration(pub std::time::Duration);

impl FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || say("console-bad-duration", &[("value", Value::Text(text))]);
        let mut rest = text;
        let mut millis = 0_u64;
        while !rest.is_empty() {
            let end = rest.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(wrong)?;
            let (number, tail) = rest.split_at(end);
            let unit_end = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
            let factor = match &tail[..unit_end] {
                "ms" => 1,
                "s" => 1_000,
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                _ => return Err(wrong()),
            };
            millis = scaled(number, factor).and_then(|more| millis.checked_add(more)).ok_or_else(wrong)?;
            rest = &tail[unit_end..];
        }
        if text.is_empty() { Err(wrong()) } else { Ok(Self(std::time::Duration::from_millis(millis))) }
    }
}

/// How many of many: all, or so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample(pub Option<u64>);

impl FromStr for Sample {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let count = || text.parse().ok().filter(|count| *count > 0).map(|count| Self(Some(count)));
        if text == "all" { Ok(Self(None)) } else { count().ok_or_else(|| say("console-bad-sample", &[])) }
    }
}

fn split(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (!number.is_empty()).then_some((number, unit))
}

/// A decimal number times a factor, exactly: no sign, no exponent, at most one point.
fn scaled(number: &str, factor: u64) -> Option<u64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 9 {
        return None;
    }
    let whole = whole.parse::<u64>().ok()?.checked_mul(factor)?;
    let scale = 10_u128.pow(u32::try_from(part.len()).ok()?);
    let part = u128::from(part.parse::<u64>().ok()?) * u128::from(factor) / scale;
    whole.checked_add(u64::try_from(part).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_decimal_or_binary_as_typed() {
        for (text, bytes) in [
            ("0", 0),
            ("512", 512),
            ("500k", 500_000),
            ("10M", 10_000_000),
            ("1.5M", 1_500_000),
            ("2G", 2_000_000_000),
            ("1Ki", 1024),
            ("0.5Mi", 524_288),
            ("3Gi", 3_221_225_472),
        ] {
            assert_eq!(text.parse(), Ok(Rate(bytes)), "{text}");
        }
    }

    #[test]
    fn what_is_no_rate_is_refused_with_words() {
        for text in ["", "k", "M10", "10m", "10MB", "-1", "1e3", "1.2.3", "10 M", ".5M", "5.M", "99999999999G", "１０M", "1,5M"]
        {
            let said = text.parse::<Rate>().expect_err(text);
            assert!(said.contains("10M") && !said.starts_with("console-"), "{said}");
        }
    }

    #[test]
    fn lengths_of_time_add_up() {
        for (text, seconds) in
            [("30s", 30), ("10m", 600), ("2h", 7_200), ("1h30m", 5_400), ("1d", 86_400), ("0s", 0), ("1.5m", 90)]
        {
            assert_eq!(text.parse(), Ok(Duration(std::time::Duration::from_secs(seconds))), "{text}");
        }
        assert_eq!("250ms".parse(), Ok(Duration(std::time::Duration::from_millis(250))));
    }

    #[test]
    fn what_is_no_length_of_time_is_refused_with_words() {
        for text in ["", "10", "m", "10M", "10 m", "-5s", "5min", "1h30", "999999999999999999d"] {
            let said = text.parse::<Duration>().expect_err(text);
            assert!(said.contains("10m") && !said.starts_with("console-"), "{said}");
        }
    }
}
