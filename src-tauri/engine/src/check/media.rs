//! Rules about what a file is: kinds, formats, and the measured facts of sound, films, clouds, text and documents.
//! What was not measured breaks no rule: nothing is said about it.

use gantry_model::finding::About;
use gantry_model::measured::{Cloud, Film, Measured, Sound};
use gantry_model::{Entry, Format, Media, MediaKind, Rule, show};

/// What exactly breaks the rule, or `None`.
pub(super) fn breach(about: About, entry: &Entry) -> Option<String> {
    let (media, size) = (&entry.media, entry.fingerprint.size);
    if !media.looked || size == 0 {
        return None;
    }
    match about {
        About::Kinds(kinds) => (!kinds.contains(&media.format.kind())).then(|| media.format.name().to_owned()),
        About::Formats(formats) => {
            let concerned = formats.iter().any(|format| format.kind() == media.format.kind());
            (concerned && !formats.contains(&media.format)).then(|| media.format.name().to_owned())
        }
        About::KindBytes { only, most } => (size > most && is_of(media, only)).then(|| show::bytes(size)),
        About::FileBytesBetween { only, above, upto } => {
            (size > above && size <= upto && is_of(media, only)).then(|| show::bytes(size))
        }
        About::ImagePixels { width, height } => {
            let picture = media.format.kind() == MediaKind::Image;
            (picture && (media.width > width || media.height > height)).then(|| format!("{} × {}", media.width, media.height))
        }
        About::TextNotUtf8 => not_utf8(entry).then(String::new),
        _ => measured(about, media, size),
    }
}

fn is_of(media: &Media, only: &[MediaKind]) -> bool {
    only.is_empty() || only.contains(&media.format.kind())
}

fn is_among(media: &Media, only: &[Format]) -> bool {
    only.is_empty() || only.contains(&media.format)
}

fn measured(about: About, media: &Media, size: u64) -> Option<String> {
    match (about, media.measured.as_deref()?) {
        (About::VariableBitRate(but), Measured::Sound(sound)) if !but.contains(&media.format) => variable(sound),
        (_, Measured::Film(film)) => of_film(about, film),
        (_, Measured::Cloud(cloud)) => of_cloud(about, media, cloud),
        (About::TextChars { only, most }, Measured::Words(words)) if is_among(media, only) => match words.chars {
            Some(chars) => (chars > most).then(|| show::count(chars)),
            // Not counted, but no character of UTF-8 takes more than four bytes.
            None => (size / 4 > most).then(|| show::bytes(size)),
        },
        (About::PdfPages(most), Measured::Pages(document)) => document.pages.filter(|pages| *pages > most).map(show::count),
        (About::PatientName, Measured::Patient(patient)) => (patient.named == Some(true)).then(String::new),
        (About::HasGps, Measured::Picture(picture)) => picture.gps.then(String::new),
        (About::FirstOfMany, Measured::Picture(picture)) => picture.first_of_many.then(String::new),
        _ => None,
    }
}

fn variable(sound: &Sound) -> Option<String> {
    (sound.constant == Some(false)).then(|| sound.bit_rates())
}

fn of_film(about: About, film: &Film) -> Option<String> {
    match about {
        About::VariableFrameRate => (film.constant == Some(false)).then(|| film.pace()),
        About::NonSquarePixels => (film.square == Some(false)).then(String::new),
        About::VideoFrames(most) => film.frames.filter(|frames| *frames > most).map(show::count),
        About::VideoCodecs(codecs) => {
            (!film.codec.is_empty() && !codecs.contains(&film.codec.as_str())).then(|| show::text(&film.codec))
        }
        _ => None,
    }
}

fn of_cloud(about: About, media: &Media, cloud: &Cloud) -> Option<String> {
    let other = |list: &[&str], said: &str| (!said.is_empty() && !list.contains(&said)).then(|| show::text(said));
    match (about, media.format) {
        (About::PcdVersion(versions), Format::Pcd) => other(versions, &cloud.version),
        (About::PcdData(kinds), Format::Pcd) => other(kinds, &cloud.data),
        (About::PcdFieldTypes, Format::Pcd) => (cloud.float32 == Some(false)).then(|| show::text(&cloud.fields)),
        (About::LasCompressed, Format::Laz) => Some(media.format.name().to_owned()),
        (About::LasVersion(versions), Format::Las | Format::Laz) => other(versions, &cloud.version),
        (About::CoordinatesTooLarge { only, most }, _) if is_among(media, only) => {
            cloud.reach.filter(|reach| *reach > most).map(show::count)
        }
        _ => None,
    }
}

/// Text whose beginning is no UTF-8 has no format: the name tells that it was meant as text.
fn not_utf8(entry: &Entry) -> bool {
    match (entry.media.format, entry.media.measured.as_deref()) {
        (_, Some(Measured::Words(words))) => !words.utf8,
        (Format::Unknown, _) => promised(&entry.path).is_some_and(|format| format.kind() == MediaKind::Text),
        _ => false,
    }
}

/// The format that the name's extension promises.
pub(super) fn promised(path: &[u8]) -> Option<Format> {
    let name = path.rsplit(|byte| *byte == b'/').next()?;
    let dot = name.iter().rposition(|byte| *byte == b'.').filter(|dot| *dot > 0)?;
    let extension = std::str::from_utf8(&name[dot + 1..]).ok()?;
    Format::from_extension(&extension.to_ascii_lowercase())
}

/// The figure of a rule about media, for its sentence; empty where it has none.
pub(super) fn value(rule: &Rule, bytes: impl Fn(u64) -> String) -> String {
    let listed = |formats: &[Format]| formats.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    match rule.about {
        About::Formats(formats) => listed(formats),
        About::KindBytes { most, .. } => bytes(most),
        About::FileBytesBetween { above, .. } => bytes(above),
        About::ImagePixels { width, height } => format!("{} × {}", show::count(width.into()), show::count(height.into())),
        About::VideoFrames(most) | About::PdfPages(most) => show::count(most),
        About::TextChars { most, .. } | About::CoordinatesTooLarge { most, .. } => show::count(most),
        About::VideoCodecs(words) | About::PcdVersion(words) | About::PcdData(words) | About::LasVersion(words) => {
            words.join(", ")
        }
        _ => String::new(),
    }
}
