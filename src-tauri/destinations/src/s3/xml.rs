//! The XML of answers, read strictly: no document type, no entities of its own, bounded depth.
//! Unknown elements are passed over; a missing one is the reader's problem.

use quick_xml::events::Event;
use quick_xml::reader::Reader;

/// Deeper than any answer of S3 goes.
const DEEPEST: usize = 16;

/// The answer is not XML, or not of a kind that we read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotXml;

/// What happened while reading. Paths are the local names from the root, joined with `/`.
#[derive(Debug)]
pub(crate) enum Met<'a> {
    /// An element without children ended; its text.
    Leaf(&'a str, &'a str),
    /// An element with children ended.
    Branch(&'a str),
}

/// Reads a document to its end and tells each element. The root's name is the answer.
pub(crate) fn read(bytes: &[u8], mut meet: impl FnMut(Met<'_>)) -> Result<String, NotXml> {
    let text = std::str::from_utf8(bytes).map_err(|_| NotXml)?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim());
    let mut walk = Walk::default();
    loop {
        match reader.read_event().map_err(|_| NotXml)? {
            Event::Start(start) => walk.start(start.local_name().as_ref())?,
            Event::Empty(start) => {
                walk.start(start.local_name().as_ref())?;
                walk.end(&mut meet)?;
            }
            Event::End(_) => walk.end(&mut meet)?,
            Event::Text(part) => walk.text(&part.xml10_content())?,
            Event::CData(part) => walk.text(&part.xml10_content())?,
            Event::GeneralRef(name) => {
                let known = match name.resolve_char_ref().map_err(|_| NotXml)? {
                    Some(c) => c,
                    None => predefined(&name.xml10_content())?,
                };
                walk.text(known.encode_utf8(&mut [0; 4]))?;
            }
            Event::DocType(_) => return Err(NotXml),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => return if walk.ends.is_empty() { walk.root.ok_or(NotXml) } else { Err(NotXml) },
        }
    }
}

/// Is this the root of that operation's answer? Servers close the name in different ways.
pub(crate) fn is_answer(root: Result<&str, &NotXml>, operation: &str) -> bool {
    let rest = root.ok().and_then(|root| root.strip_prefix(operation));
    matches!(rest, Some("" | "Result" | "Response" | "Output"))
}

/// A text fit to stand between tags.
pub(crate) fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

fn predefined(name: &str) -> Result<char, NotXml> {
    Ok(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return Err(NotXml),
    })
}

#[derive(Default)]
struct Walk {
    path: String,
    /// Length of the path before each open element, and whether it had children.
    ends: Vec<(usize, bool)>,
    text: String,
    root: Option<String>,
}

impl Walk {
    fn start(&mut self, name: &str) -> Result<(), NotXml> {
        if self.ends.len() >= DEEPEST || (self.ends.is_empty() && self.root.is_some()) {
            return Err(NotXml);
        }
        if let Some(above) = self.ends.last_mut() {
            above.1 = true;
        }
        self.ends.push((self.path.len(), false));
        if self.root.is_none() {
            self.root = Some(name.to_owned());
        } else {
            if !self.path.is_empty() {
                self.path.push('/');
            }
            self.path.push_str(name);
        }
        self.text.clear();
        Ok(())
    }

    fn end(&mut self, meet: &mut impl FnMut(Met<'_>)) -> Result<(), NotXml> {
        let (length, parent) = self.ends.pop().ok_or(NotXml)?;
        if parent {
            meet(Met::Branch(&self.path))
        } else {
            meet(Met::Leaf(&self.path, &self.text))
        }
        self.path.truncate(length);
        self.text.clear();
        Ok(())
    }

    fn text(&mut self, part: &str) -> Result<(), NotXml> {
        if self.ends.is_empty() && !part.trim().is_empty() {
            return Err(NotXml);
        }
        self.text.push_str(part);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(xml: &str) -> Result<(String, Vec<(String, String)>), NotXml> {
        let mut met = Vec::new();
        let root = read(xml.as_bytes(), |what| {
            if let Met::Leaf(path, text) = what {
                met.push((path.to_owned(), text.to_owned()));
            }
        })?;
        Ok((root, met))
    }

    #[test]
    fn an_answer_is_read_with_its_entities_and_prefixes() {
        let xml = "<?xml version=\"1.0\"?>\n<s3:Error xmlns:s3=\"x\"><Code>A&amp;B</Code><Message>a&#233;<![CDATA[<b>]]></Message><Empty/></s3:Error>";
        let (root, met) = leaves(xml).expect("XML");
        assert_eq!(root, "Error");
        let met: Vec<(&str, &str)> = met.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        assert_eq!(met, [("Code", "A&B"), ("Message", "aé<b>"), ("Empty", "")]);
    }

    #[test]
    fn hostile_documents_are_refused() {
        let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        for xml in [
            "",
            "<!DOCTYPE html><html></html>",
            "<!DOCTYPE lolz [<!ENTITY lol \"lol\">]><a>&lol;</a>",
            "<a>&xxe;</a>",
            "<a><b></a>",
            "<a></a><b></b>",
            "<a></a>tail",
            "just words",
            "<a>",
            deep.as_str(),
        ] {
            assert!(leaves(xml).is_err(), "{}", &xml[..xml.len().min(60)]);
        }
        assert!(read(b"<a>\xff</a>", |_| {}).is_err());
    }

    #[test]
    fn a_hundred_thousand_attributes_do_no_harm() {
        let many: String = (0..100_000).map(|at| format!(" a{at}=\"1\"")).collect();
        assert_eq!(leaves(&format!("<Error{many}><Code>X</Code></Error>")).expect("XML").1.len(), 1);
    }

    #[test]
    fn what_is_escaped_comes_back() {
        let wild = "a<b>&\"'\u{e9}";
        assert_eq!(leaves(&format!("<a><b>{}</b></a>", escape(wild))).expect("XML").1[0].1, wild);
    }
}
