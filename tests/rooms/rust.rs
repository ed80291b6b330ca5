//! Just enough of Rust's grammar to find functions and to tell code from comments and literals.

/// The text with comments and the content of literals blanked, line by line as long as before.
pub(super) fn code_only(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = skipped(bytes, at);
        if end == at {
            at += 1;
            continue;
        }
        for byte in &mut out[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end;
    }
    String::from_utf8(out).expect("only ASCII blanks were put in, over whole literals")
}

/// The literals of a text, with the line (from 1) on which each begins.
pub(super) fn literals(text: &str) -> Vec<(usize, String)> {
    let bytes = text.as_bytes();
    let (mut at, mut found) = (0, Vec::new());
    while at < bytes.len() {
        let end = skipped(bytes, at);
        if end > at && matches!(bytes[at], b'"' | b'r' | b'b' | b'c') {
            found.push((line_of(text, at), text[at..end].to_owned()));
        }
        at = end.max(at + 1);
    }
    found
}

/// The functions of a text: name, first line, number of lines with the signature.
pub(super) fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let code = code_only(text);
    let mut found = Vec::new();
    for (start, _) in code.match_indices("fn ") {
        let before = code[..start].chars().next_back();
        let name: String = code[start + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') || name.is_empty() {
            continue;
        }
        if let Some(end) = body_end(&code, start) {
            let first = line_of(&code, start);
            found.push((name, first, line_of(&code, end) - first + 1));
        }
    }
    found
}

/// The position of the brace that closes the body, if the function has one.
fn body_end(code: &str, start: usize) -> Option<usize> {
    let (mut braces, mut others) = (0_usize, 0_usize);
    for (offset, byte) in code[start..].bytes().enumerate() {
        match byte {
            b'(' | b'[' => others += 1,
            b')' | b']' => others = others.saturating_sub(1),
            b';' if braces == 0 && others == 0 => return None,
            b'{' => braces += 1,
            b'}' => {
                braces = braces.checked_sub(1)?;
                if braces == 0 && others == 0 {
                    return Some(start + offset);
                }
            }
            _ => {}
        }
    }
    None
}

pub(super) fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Where the comment or literal that begins at `at` ends; `at` when none does.
fn skipped(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let after_word = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    match rest {
        [b'/', b'/', ..] => at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()),
        [b'/', b'*', ..] => at + block_comment(rest),
        [b'"', ..] => at + quoted(rest, 1),
        [b'b' | b'c', b'"', ..] if !after_word => at + quoted(rest, 2),
        [b'r', b'"' | b'#', ..] if !after_word => at + raw(rest, 1),
        [b'b' | b'c', b'r', b'"' | b'#', ..] if !after_word => at + raw(rest, 2),
        [b'\'', ..] => at + character(rest),
        _ => at,
    }
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at + 1 < rest.len() {
        match &rest[at..at + 2] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn quoted(rest: &[u8], open: usize) -> usize {
    let mut at = open;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A raw string; nothing for a raw identifier such as `r#type`.
fn raw(rest: &[u8], marks_from: usize) -> usize {
    let marks = rest[marks_from..].iter().take_while(|byte| **byte == b'#').count();
    let body = marks_from + marks;
    if rest.get(body) != Some(&b'"') {
        return 0;
    }
    let close = [b"\"".as_slice(), &vec![b'#'; marks]].concat();
    let end = rest[body + 1..].windows(close.len()).position(|window| window == close);
    end.map_or(rest.len(), |end| body + 1 + end + close.len())
}

/// A character; nothing for a lifetime.
fn character(rest: &[u8]) -> usize {
    if rest.get(1) == Some(&b'\\') {
        return rest[3.min(rest.len())..].iter().position(|byte| *byte == b'\'').map_or(0, |end| 3 + end + 1);
    }
    let width = std::str::from_utf8(&rest[1..rest.len().min(5)]).map_or_else(|error| error.valid_up_to(), str::len);
    let first = std::str::from_utf8(&rest[1..=width]).ok().and_then(|text| text.chars().next()).map_or(0, char::len_utf8);
    if first > 0 && rest.get(1 + first) == Some(&b'\'') { first + 2 } else { 0 }
}

#[test]
fn the_reader_is_not_fooled_by_literals() {
    let text = "fn a<'x>(s: &'x str) {\n let c = '{'; let d = \"}\\\"{\"; /* { /* } */ */\n let e = r#\"}\"}\"#; let f = '\\'';\n}\nfn b();\nfn c() { r#type() }\n";
    assert_eq!(functions(text), [("a".to_owned(), 1, 4), ("c".to_owned(), 6, 1)]);
    assert_eq!(literals(text).len(), 2);
    assert!(!code_only(text).contains('"'));
}
