//! PLY: elements with properties, in lines of words up to `end_header`; the points are the element `vertex`.

use super::super::window::Window;
use super::super::{End, Found};
use super::points::{self, Binary, Rows};
use super::{HEADER, number, told};
use gantry_model::measured::{Cloud, Measured};

/// A property of a point: name, type as in PCD (`F`, `I`, `U`, or `L` for a list), bytes.
struct Property {
    name: String,
    kind: char,
    bytes: u64,
}

/// The header's lines.
#[derive(Default)]
struct Header {
    data: String,
    version: String,
    /// Bytes of all elements at the least, as far as the first list.
    needed: u64,
    elements: u64,
    points: Option<u64>,
    /// The points are the first element.
    first: bool,
    properties: Vec<Property>,
    from: u64,
}

pub(in super::super) fn ply(window: &mut Window<'_>) -> Found {
    let header = match read(window.some(0, HEADER)) {
        Ok(header) => header,
        Err(end) => return Found::only(end),
    };
    let binary = header.data.starts_with("binary");
    let needed = if binary { header.from.saturating_add(header.needed) } else { header.from };
    let axes = ["x", "y", "z"].map(|axis| header.properties.iter().position(|property| property.name == axis));
    let is_float = |place: usize| header.properties[place].kind == 'F' && header.properties[place].bytes == 4;
    let float32 = axes.iter().all(Option::is_some).then(|| axes.iter().flatten().all(|place| is_float(*place)));
    let kinds = header.properties.iter().map(|property| {
        let kind = if property.kind == 'L' { "list".to_owned() } else { format!("{}{}", property.kind, property.bytes) };
        (property.name.as_str(), kind)
    });
    let cloud = Cloud {
        fields: told(kinds),
        float32,
        points: header.points,
        reach: float32.and_then(|_| header.reach(window, &axes)),
        version: header.version.clone(),
        data: header.data.clone(),
    };
    Found { end: Found::to(needed, window), measured: Some(Measured::Cloud(cloud)), ..Found::default() }
}

fn read(bytes: &[u8]) -> Result<Header, End> {
    let mut header = Header::default();
    let (mut many, mut listed, mut of_points) = (0, false, false);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        header.from += line.len() as u64;
        let Ok(line) = std::str::from_utf8(line) else { return Err(End::Contradicts) };
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["format", kind, version, ..] => (header.data, header.version) = ((*kind).to_owned(), (*version).to_owned()),
            ["element", name, count] => {
                many = number(count);
                of_points = *name == "vertex";
                if of_points {
                    header.points = Some(many);
                    header.first = header.elements == 0;
                }
                header.elements += 1;
            }
            ["property", kind, .., name] => {
                let list = *kind == "list";
                // A list has at least its length; what follows the first list is not counted further.
                let (letter, bytes) = width(if list { words.get(2).copied().unwrap_or_default() } else { kind });
                if !listed {
                    header.needed = header.needed.saturating_add(many.saturating_mul(bytes));
                }
                listed |= list;
                if of_points {
                    let kind = if list { 'L' } else { letter };
                    header.properties.push(Property { name: (*name).to_owned(), kind, bytes });
                }
            }
            ["end_header"] => return Ok(header),
            _ => {}
        }
    }
    Err(if bytes.len() < HEADER { End::TooEarly } else { End::Fits })
}

fn width(kind: &str) -> (char, u64) {
    match kind {
        "char" | "int8" => ('I', 1),
        "uchar" | "uint8" => ('U', 1),
        "short" | "int16" => ('I', 2),
        "ushort" | "uint16" => ('U', 2),
        "int" | "int32" => ('I', 4),
        "uint" | "uint32" => ('U', 4),
        "float" | "float32" => ('F', 4),
        "double" | "float64" => ('F', 8),
        _ => ('?', 0),
    }
}

impl Header {
    fn reach(&self, window: &mut Window<'_>, axes: &[Option<usize>; 3]) -> Option<u64> {
        let lists = self.properties.iter().any(|property| property.kind == 'L');
        let places: Vec<usize> = axes.iter().flatten().copied().collect();
        match self.data.as_str() {
            "ascii" if self.first && !lists && self.elements == 1 => points::in_lines(window, self.from, &places),
            "binary_little_endian" | "binary_big_endian" if self.first && !lists => {
                let length = |until: usize| self.properties[..until].iter().map(|property| property.bytes).sum::<u64>();
                let axes: Vec<Binary> = places
                    .iter()
                    .map(|place| {
                        let property = &self.properties[*place];
                        let (float, signed) = (property.kind == 'F', property.kind == 'I');
                        Binary { offset: length(*place), bytes: property.bytes, float, signed }
                    })
                    .collect();
                let little = self.data == "binary_little_endian";
                let length = length(self.properties.len());
                points::in_bytes(window, Rows { from: self.from, count: self.points?, length, little }, &axes)
            }
            _ => None,
        }
    }
}
