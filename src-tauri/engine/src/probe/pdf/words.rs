//! The few words of PDF that are asked for: names, numbers and references in one object's own dictionary.

/// Where these bytes stand first.
pub(super) fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|there| there == word)
}

/// Behind a name that is not the beginning of a longer one: the position, and what follows without blanks before it.
pub(super) fn after<'a>(bytes: &'a [u8], name: &[u8]) -> Option<(usize, &'a [u8])> {
    let mut from = 0;
    while let Some(at) = find(&bytes[from..], name) {
        let end = from + at + name.len();
        if bytes.get(end).is_none_or(|next| !is_regular(*next)) {
            return Some((end, bytes[end..].trim_ascii_start()));
        }
        from = end;
    }
    None
}

/// Neither a blank nor one of the marks that end a word.
fn is_regular(byte: u8) -> bool {
    !(byte.is_ascii_whitespace() || byte == 0 || b"()<>[]{}/%".contains(&byte))
}

/// The number behind a name. A reference to a number elsewhere is none.
pub(super) fn number(bytes: &[u8], name: &[u8]) -> Option<u64> {
    let (_, rest) = after(bytes, name)?;
    let (first, rest) = leading(rest)?;
    let refers = leading(rest.trim_ascii_start()).is_some_and(|(_, rest)| rest.trim_ascii_start().starts_with(b"R"));
    (!refers).then_some(first)
}

/// The number of the object that stands behind a name as a reference.
pub(super) fn reference(bytes: &[u8], name: &[u8]) -> Option<u64> {
    let (_, rest) = after(bytes, name)?;
    let (object, rest) = leading(rest)?;
    let (_, rest) = leading(rest.trim_ascii_start())?;
    rest.trim_ascii_start().starts_with(b"R").then_some(object)
}

/// The numbers between brackets behind a name.
pub(super) fn numbers(bytes: &[u8], name: &[u8]) -> Option<Vec<u64>> {
    let (_, rest) = after(bytes, name)?;
    let inner = rest.strip_prefix(b"[")?;
    let inner = &inner[..find(inner, b"]")?];
    inner.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(|word| leading(word).map(|(n, _)| n)).collect()
}

/// Digits at the beginning, and what follows.
pub(super) fn leading(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let digits = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    let number = std::str::from_utf8(&bytes[..digits]).ok()?.parse().ok()?;
    Some((number, &bytes[digits..]))
}

/// The dictionary that begins at the first `<<`, up to the `>>` that closes it. Strings in it are stepped over.
pub(super) fn dictionary(bytes: &[u8]) -> Option<&[u8]> {
    let from = find(bytes, b"<<")?;
    let (mut depth, mut at) = (0_usize, from);
    while at + 1 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (b'<', b'<') => (depth, at) = (depth + 1, at + 2),
            (b'>', b'>') => {
                (depth, at) = (depth - 1, at + 2);
                if depth == 0 {
                    return Some(&bytes[from..at]);
                }
            }
            (b'(', _) => at = string_end(bytes, at)?,
            _ => at += 1,
        }
    }
    None
}

fn string_end(bytes: &[u8], from: usize) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, from);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// The dictionary without those inside it, so that a name found in it is its own.
pub(super) fn own(dictionary: &[u8]) -> Vec<u8> {
    let (mut depth, mut at, mut own) = (0_usize, 0, Vec::with_capacity(dictionary.len()));
    while at < dictionary.len() {
        let pair = (dictionary[at], dictionary.get(at + 1));
        match pair {
            (b'<', Some(b'<')) => (depth, at) = (depth + 1, at + 2),
            (b'>', Some(b'>')) => {
                (depth, at) = (depth.saturating_sub(1), at + 2);
                own.push(b' ');
            }
            (b'(', _) => at = string_end(dictionary, at).unwrap_or(dictionary.len()),
            (byte, _) => {
                if depth == 1 {
                    own.push(byte);
                }
                at += 1;
            }
        }
    }
    own
}
