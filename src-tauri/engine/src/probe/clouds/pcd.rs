//! PCD: lines of words, `DATA` the last of them, then the points.

use super::super::window::Window;
use super::super::{End, Found};
use super::points::{self, Binary, Rows};
use super::{HEADER, number, told};
use gantry_model::measured::{Cloud, Measured};

/// The header's lines.
#[derive(Default)]
struct Header {
    version: String,
    fields: Vec<String>,
    sizes: Vec<u64>,
    types: Vec<String>,
    counts: Vec<u64>,
    grid: (Option<u64>, Option<u64>),
    points: Option<u64>,
    data: String,
    /// Where the points begin.
    from: u64,
}

pub(in super::super) fn pcd(window: &mut Window<'_>) -> Found {
    let header = match read(window.some(0, HEADER)) {
        Ok(header) => header,
        Err(end) => return Found::only(end),
    };
    let Some(points) = header.points else { return Found::only(End::Contradicts) };
    let end = if header.contradicts(points) { End::Contradicts } else { header.end(window, points) };
    let cloud = Cloud {
        version: usual(&header.version),
        data: header.data.clone(),
        fields: told(header.fields.iter().enumerate().map(|(index, name)| (name.as_str(), header.kind(index)))),
        float32: header.is_float32(),
        points: Some(points),
        reach: header.reach(window, points),
    };
    Found { end, measured: Some(Measured::Cloud(cloud)), ..Found::default() }
}

/// Old writers leave out the zero before the point.
fn usual(version: &str) -> String {
    let version = version.trim_start_matches('v');
    if version.starts_with('.') { format!("0{version}") } else { version.to_owned() }
}

fn read(bytes: &[u8]) -> Result<Header, End> {
    let mut header = Header::default();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        header.from += line.len() as u64;
        let Ok(line) = std::str::from_utf8(line) else { return Err(End::Contradicts) };
        let mut words = line.split_whitespace();
        let mut one = || words.next().map(str::to_owned);
        match one().as_deref() {
            Some("VERSION") => header.version = one().unwrap_or_default(),
            Some("FIELDS" | "COLUMNS") => header.fields = words.map(str::to_owned).collect(),
            Some("SIZE") => header.sizes = words.map(number).collect(),
            Some("TYPE") => header.types = words.map(str::to_owned).collect(),
            Some("COUNT") => header.counts = words.map(number).collect(),
            Some("WIDTH") => header.grid.0 = one().and_then(|word| word.parse().ok()),
            Some("HEIGHT") => header.grid.1 = one().and_then(|word| word.parse().ok()),
            Some("POINTS") => header.points = one().and_then(|word| word.parse().ok()),
            Some("DATA") => {
                header.data = one().unwrap_or_default();
                return Ok(header);
            }
            _ => {}
        }
    }
    Err(if bytes.len() < HEADER { End::TooEarly } else { End::Fits })
}

impl Header {
    fn count(&self, index: usize) -> u64 {
        *self.counts.get(index).unwrap_or(&1)
    }

    fn kind(&self, index: usize) -> String {
        let count = self.count(index);
        let kind = self.types.get(index).map_or("?", String::as_str);
        let size = self.sizes.get(index).copied().unwrap_or_default();
        if count == 1 { format!("{kind}{size}") } else { format!("{kind}{size}×{count}") }
    }

    fn point(&self) -> u64 {
        let of = |(index, size): (usize, &u64)| size.saturating_mul(self.count(index));
        self.sizes.iter().enumerate().map(of).fold(0, u64::saturating_add)
    }

    /// Lines that do not fit each other.
    fn contradicts(&self, points: u64) -> bool {
        let fields = self.fields.len();
        let uneven = self.sizes.len() != fields || self.types.len() != fields;
        let uneven = uneven || !self.counts.is_empty() && self.counts.len() != fields;
        let types = self.types.iter().any(|kind| !matches!(kind.as_str(), "F" | "I" | "U"));
        let grid = matches!(self.grid, (Some(width), Some(height)) if width.saturating_mul(height) != points);
        uneven || types || grid || fields == 0
    }

    fn end(&self, window: &mut Window<'_>, points: u64) -> End {
        let whole = points.saturating_mul(self.point());
        let needed = match self.data.as_str() {
            "binary" => self.from.saturating_add(whole),
            // A digit and a line end for each point, at the least.
            "ascii" => self.from.saturating_add(points.saturating_mul(2)).saturating_sub(1),
            "binary_compressed" => {
                let (Some(packed), Some(unpacked)) = (window.little(self.from, 4), window.little(self.from + 4, 4)) else {
                    return End::TooEarly;
                };
                if unpacked != whole {
                    return End::Contradicts;
                }
                self.from + 8 + packed
            }
            _ => self.from,
        };
        Found::to(needed, window)
    }

    fn axes(&self) -> Option<[usize; 3]> {
        let place = |name| self.fields.iter().position(|field| field == name);
        Some([place("x")?, place("y")?, place("z")?])
    }

    fn is_float32(&self) -> Option<bool> {
        let axes = self.axes()?;
        let is = |index: usize| self.sizes.get(index) == Some(&4) && self.types.get(index).is_some_and(|kind| kind == "F");
        Some(axes.into_iter().all(is))
    }

    fn reach(&self, window: &mut Window<'_>, points: u64) -> Option<u64> {
        let axes = self.axes()?;
        let before = |index: usize, of: &dyn Fn(usize) -> u64| (0..index).map(of).fold(0, u64::saturating_add);
        match self.data.as_str() {
            "binary" => {
                let bytes = |index: usize| self.sizes.get(index).copied().unwrap_or_default().saturating_mul(self.count(index));
                let axes = axes.map(|index| {
                    let kind = self.types.get(index).map_or("", String::as_str);
                    let bytes_there = self.sizes.get(index).copied().unwrap_or_default();
                    Binary { offset: before(index, &bytes), bytes: bytes_there, float: kind == "F", signed: kind == "I" }
                });
                points::in_bytes(window, Rows { from: self.from, count: points, length: self.point(), little: true }, &axes)
            }
            "ascii" => {
                let columns = axes.map(|index| usize::try_from(before(index, &|index| self.count(index))).unwrap_or(usize::MAX));
                points::in_lines(window, self.from, &columns)
            }
            _ => None,
        }
    }
}
