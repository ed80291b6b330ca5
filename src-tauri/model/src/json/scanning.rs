//! The scanner: goes over a value byte by byte, without a stack of calls, and stops at the first mistake.

use super::{DEEPEST, FieldSpan, Kind, Scanned, Slip, Span, Wrong, skip_space};

/// So many digits a number may have before a program that counts in 64-bit floats could change it.
const SAFE_DIGITS: usize = 15;

const NO_SPAN: Span = Span { at: 0, end: 0, kind: Kind::Null };

/// One scan under way.
pub(super) struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    /// One bit for each open level, the innermost last: set for objects.
    objects: u128,
    depth: u32,
    long_number: Option<usize>,
    /// The name of the outermost object's field that is being read.
    name: Span,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a [u8], at: usize) -> Self {
        Self { text, at, objects: 0, depth: 0, long_number: None, name: NO_SPAN }
    }

    /// The whole value.
    pub(super) fn whole(mut self, fields: &mut Vec<FieldSpan>) -> Result<Scanned, Slip> {
        self.space();
        let begin = self.at;
        let kind = self.value()?;
        self.rest(fields)?;
        Ok(Scanned { span: Span { at: begin, end: self.at, kind }, long_number: self.long_number })
    }

    fn space(&mut self) {
        self.at = skip_space(self.text, self.at);
    }

    fn byte(&self) -> Result<u8, Slip> {
        self.text.get(self.at).copied().ok_or(Slip { at: self.text.len(), wrong: Wrong::Ends })
    }

    fn slip<T>(&self, wrong: Wrong) -> Result<T, Slip> {
        Err(Slip { at: self.at, wrong })
    }

    fn in_object(&self) -> bool {
        self.objects & 1 == 1
    }

    fn open(&mut self, object: bool) -> Result<(), Slip> {
        if self.depth == DEEPEST {
            return self.slip(Wrong::TooDeep);
        }
        self.objects = self.objects << 1 | u128::from(object);
        self.depth += 1;
        self.at += 1;
        self.space();
        Ok(())
    }

    fn close(&mut self) {
        self.objects >>= 1;
        self.depth -= 1;
        self.at += 1;
    }

    /// Everything up to the end of the outermost value, of which something is open.
    fn rest(&mut self, fields: &mut Vec<FieldSpan>) -> Result<(), Slip> {
        // After an opening bracket comes a value or a name; after a value what may follow one.
        let mut begun = true;
        while self.depth > 0 {
            if begun && self.byte()? != if self.in_object() { b'}' } else { b']' } {
                begun = self.member(fields)?;
                continue;
            }
            if begun {
                self.close();
                begun = false;
                self.ended(fields);
                continue;
            }
            begun = self.follow(fields)?;
        }
        Ok(())
    }

    /// A name where one belongs, and the value. True when the value is a bracket that was just opened.
    fn member(&mut self, fields: &mut Vec<FieldSpan>) -> Result<bool, Slip> {
        if self.in_object() {
            self.name()?;
        }
        let (at, depth) = (self.at, self.depth);
        let kind = self.value()?;
        if self.depth > depth {
            if depth == 1 && self.objects >> 1 & 1 == 1 {
                fields.push(FieldSpan { name: self.name, value: Span { at, end: at, kind } });
            }
            return Ok(true);
        }
        if depth == 1 && self.in_object() {
            fields.push(FieldSpan { name: self.name, value: Span { at, end: self.at, kind } });
        }
        Ok(false)
    }

    /// What may follow a value: a comma, or the bracket that closes.
    fn follow(&mut self, fields: &mut Vec<FieldSpan>) -> Result<bool, Slip> {
        let end = self.at;
        self.space();
        match (self.byte()?, self.in_object()) {
            (b',', _) => self.comma(fields),
            (b'}', true) | (b']', false) => {
                self.close();
                self.ended(fields);
                Ok(false)
            }
            (b'}', false) | (b']', true) => self.slip(Wrong::OtherBracket),
            (b'/', _) => self.slip(Wrong::Comment),
            _ => Err(Slip { at: end, wrong: Wrong::CommaMissing }),
        }
    }

    fn comma(&mut self, fields: &mut Vec<FieldSpan>) -> Result<bool, Slip> {
        let comma = self.at;
        self.at += 1;
        self.space();
        if matches!(self.byte()?, b'}' | b']' | b',') {
            return Err(Slip { at: comma, wrong: Wrong::CommaTooMany });
        }
        self.member(fields)
    }

    /// A nested value of the outermost object has ended: its field knows it now.
    fn ended(&mut self, fields: &mut [FieldSpan]) {
        if self.depth == 1
            && self.in_object()
            && let Some(last) = fields.last_mut()
        {
            last.value.end = self.at;
        }
    }

    fn name(&mut self) -> Result<(), Slip> {
        let at = self.at;
        match self.byte()? {
            b'"' => {}
            b'\'' => return self.slip(Wrong::OtherQuotes),
            b'/' => return self.slip(Wrong::Comment),
            _ => return self.slip(Wrong::NameMissing),
        }
        let kind = self.string()?;
        if self.depth == 1 {
            self.name = Span { at, end: self.at, kind };
        }
        let end = self.at;
        self.space();
        if self.byte()? != b':' {
            return Err(Slip { at: end, wrong: Wrong::ColonMissing });
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    /// A whole plain value, or the opening bracket of another.
    fn value(&mut self) -> Result<Kind, Slip> {
        match self.byte()? {
            b'"' => self.string(),
            b'{' => self.open(true).map(|()| Kind::Object),
            b'[' => self.open(false).map(|()| Kind::List),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word(b"true", Kind::True),
            b'f' => self.word(b"false", Kind::False),
            b'n' => self.word(b"null", Kind::Null),
            b'\'' => self.slip(Wrong::OtherQuotes),
            b'/' => self.slip(Wrong::Comment),
            b',' | b'}' | b']' | b':' => self.slip(Wrong::ValueMissing),
            byte if byte.is_ascii_alphabetic() || byte >= 0x80 || byte == b'_' => self.slip(Wrong::NoQuotes),
            _ => self.slip(Wrong::ValueMissing),
        }
    }

    fn word(&mut self, word: &[u8], kind: Kind) -> Result<Kind, Slip> {
        let there = &self.text[self.at..self.text.len().min(self.at + word.len())];
        if there == word && !self.text.get(self.at + word.len()).is_some_and(u8::is_ascii_alphanumeric) {
            self.at += word.len();
            return Ok(kind);
        }
        let cut = there.len() < word.len() && word.starts_with(there);
        if cut { Err(Slip { at: self.text.len(), wrong: Wrong::Ends }) } else { self.slip(Wrong::NoQuotes) }
    }

    fn number(&mut self) -> Result<Kind, Slip> {
        let begin = self.at;
        let rest = &self.text[begin..];
        let length = rest.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        // A number at the very end of what is known may go on.
        let length = length.unwrap_or(rest.len());
        if !is_number(&rest[..length]) || rest.get(length).is_some_and(u8::is_ascii_alphabetic) {
            let cut = length == rest.len() && is_number(&[&rest[..length], b"0"].concat());
            return if cut { Err(Slip { at: self.text.len(), wrong: Wrong::Ends }) } else { self.slip(Wrong::Number) };
        }
        if length > SAFE_DIGITS && self.long_number.is_none() {
            self.long_number = Some(begin);
        }
        self.at += length;
        Ok(Kind::Number)
    }

    fn string(&mut self) -> Result<Kind, Slip> {
        let begin = self.at;
        self.at += 1;
        let mut kind = Kind::Text;
        loop {
            self.at = plain(self.text, self.at);
            match self.byte()? {
                b'"' => {
                    self.at += 1;
                    return Ok(kind);
                }
                b'\\' => {
                    kind = Kind::Escaped;
                    self.escape()?;
                }
                b'\n' | b'\r' => return Err(Slip { at: begin, wrong: Wrong::QuoteMissing }),
                _ => return self.slip(Wrong::Control),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Slip> {
        let ends = Slip { at: self.text.len(), wrong: Wrong::Ends };
        match self.text.get(self.at + 1).ok_or(ends)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 2,
            b'u' => {
                let digits = self.text.get(self.at + 2..self.at + 6).ok_or(ends)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return self.slip(Wrong::Escape);
                }
                self.at += 6;
            }
            _ => return self.slip(Wrong::Escape),
        }
        Ok(())
    }
}

/// `-0`, `1.5e-7`: RFC 8259, section 6.
fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || (whole > 1 && text[0] == b'0') {
        return false;
    }
    let mut rest = &text[whole..];
    if let Some(behind) = rest.strip_prefix(b".") {
        let count = digits(behind);
        rest = if count > 0 { &behind[count..] } else { return false };
    }
    if let [b'e' | b'E', behind @ ..] = rest {
        let behind = behind.strip_prefix(b"+").or_else(|| behind.strip_prefix(b"-")).unwrap_or(behind);
        return !behind.is_empty() && digits(behind) == behind.len();
    }
    rest.is_empty()
}

/// The first byte from `at` on that ends plain text: a quote, a backslash, a control character, or the end.
fn plain(text: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    const QUOTES: u64 = u64::from_ne_bytes([b'"'; 8]);
    const SLASHES: u64 = u64::from_ne_bytes([b'\\'; 8]);
    const BLANKS: u64 = u64::from_ne_bytes([0x20; 8]);
    // A byte of zero turns the high bit of its place on, whatever stands beside it; false alarms above it do no harm.
    let zero = |eight: u64| eight.wrapping_sub(ONES) & !eight & HIGH;
    while let Some(eight) = text.get(at..at + 8) {
        let eight = u64::from_le_bytes([eight[0], eight[1], eight[2], eight[3], eight[4], eight[5], eight[6], eight[7]]);
        let found = zero(eight ^ QUOTES) | zero(eight ^ SLASHES) | (eight.wrapping_sub(BLANKS) & !eight & HIGH);
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while at < text.len() && !matches!(text[at], b'"' | b'\\' | 0..=0x1f) {
        at += 1;
    }
    at
}
