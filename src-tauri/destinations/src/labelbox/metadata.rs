//! Metadata of a row in the form that an import takes: ids of fields in place of their names, as Labelbox's SDK writes them.
//! A name or value that the organisation's fields do not know refuses its row before anything is sent.
//! <https://docs.labelbox.com/docs/datarow-metadata>

use super::Labelbox;
use super::graphql::Query;
use super::operations;
use crate::api::text;
use gantry_model::Problem;
use gantry_model::words::{Value as Word, say};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};
use std::sync::{Arc, MutexGuard, PoisonError};

/// What a field takes.
#[derive(Clone, Debug, PartialEq)]
enum Takes {
    Text,
    Number,
    Time,
    /// One of these: id and name.
    Choice(Vec<(String, String)>),
    /// What no table can hold, such as embeddings.
    Other,
}

/// A field that metadata may have.
#[derive(Clone, Debug, PartialEq)]
struct Field {
    id: String,
    name: String,
    takes: Takes,
}

/// All fields of the organisation, Labelbox's own among them: `tag`, `split`, `captureDateTime`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fields(Vec<Field>);

impl Fields {
    /// Reads Labelbox's list.
    pub(super) fn of(all: &[Value]) -> Self {
        let field = |value: &Value| {
            let takes = match text(value, "kind") {
                "CustomMetadataString" => Takes::Text,
                "CustomMetadataNumber" => Takes::Number,
                "CustomMetadataDateTime" => Takes::Time,
                "CustomMetadataEnum" => Takes::Choice(options(value)),
                _ => Takes::Other,
            };
            Field { id: text(value, "id").to_owned(), name: text(value, "name").to_owned(), takes }
        };
        Self(all.iter().map(field).filter(|field| !field.id.is_empty()).collect())
    }

    /// What an import takes for these names and values. An empty value says nothing.
    ///
    /// # Errors
    /// A sentence about the first one that does not fit.
    pub(super) fn written(&self, given: &[(String, String)]) -> Result<Vec<Value>, String> {
        let mut all = Vec::new();
        for (name, value) in given.iter().filter(|(_, value)| !value.is_empty()) {
            all.extend(self.field(name, value)?.written(value)?);
        }
        Ok(all)
    }

    fn field(&self, name: &str, value: &str) -> Result<&Field, String> {
        pick(&self.0, name, |field| (&field.id, &field.name)).ok_or_else(|| refusal("name", name, value))
    }

    fn is_choice(&self, id: &str) -> bool {
        let chosen = |field: &Field| matches!(&field.takes, Takes::Choice(options) if options.iter().any(|(one, _)| one == id));
        self.0.iter().any(chosen)
    }

    /// Why this would be refused; `None` for what is taken. Of an empty value the name alone is looked at, and the id of a
    /// choice is one too: in Labelbox's own form each choice stands beside its field, as a field by itself.
    pub(super) fn misfit(&self, name: &str, value: &str) -> Option<String> {
        match self.field(name, value) {
            Err(_) if value.is_empty() && self.is_choice(name) => None,
            Ok(field) if value.is_empty() => (field.takes == Takes::Other).then(|| refusal("kind", &field.name, value)),
            Ok(field) => field.written(value).err(),
            Err(said) => Some(said),
        }
    }
}

impl Field {
    fn written(&self, value: &str) -> Result<Vec<Value>, String> {
        let one = |value: Value| vec![json!({"schemaId": self.id, "value": value})];
        match &self.takes {
            Takes::Text => Ok(one(value.into())),
            Takes::Number => number(value).map(one).ok_or_else(|| refusal("number", &self.name, value)),
            Takes::Time => time(value).map(|time| one(time.into())).ok_or_else(|| refusal("time", &self.name, value)),
            Takes::Choice(options) => {
                let given = pick(options, value, |(id, name)| (id, name));
                let meant = || pick(options, usual_split(&self.name, value)?, |(id, name)| (id, name));
                let (option, _) = given.or_else(meant).ok_or_else(|| self.no_choice(options, value))?;
                Ok(vec![json!({"schemaId": self.id, "value": {}}), json!({"schemaId": option, "value": {}})])
            }
            Takes::Other => Err(refusal("kind", &self.name, value)),
        }
    }

    fn no_choice(&self, options: &[(String, String)], value: &str) -> String {
        let all = options.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
        let values = [("name", Word::Text(&self.name)), ("value", Word::Text(value)), ("all", Word::Text(&all))];
        say("labelbox-metadata-choice", &values)
    }
}

/// What people write for Labelbox's own splits: `train`, `valid`, `test`.
fn usual_split(field: &str, value: &str) -> Option<&'static str> {
    let meant = match value.trim().to_lowercase().as_str() {
        "training" => "train",
        "val" | "validation" | "validate" => "valid",
        "testing" => "test",
        _ => return None,
    };
    (field == "split").then_some(meant)
}

fn refusal(word: &str, name: &str, value: &str) -> String {
    say(&format!("labelbox-metadata-{word}"), &[("name", Word::Text(name)), ("value", Word::Text(value))])
}

fn options(field: &Value) -> Vec<(String, String)> {
    let all = field["options"].as_array().into_iter().flatten();
    all.map(|option| (text(option, "id").to_owned(), text(option, "name").to_owned())).collect()
}

/// The one that is meant: by id, by name, or by a name that differs in upper and lower case only.
fn pick<'a, T>(all: &'a [T], wanted: &str, of: impl Fn(&T) -> (&String, &String)) -> Option<&'a T> {
    let wanted = wanted.trim();
    let exact = all.iter().find(|one| of(one).0 == wanted || of(one).1 == wanted);
    exact.or_else(|| all.iter().find(|one| of(one).1.to_lowercase() == wanted.to_lowercase()))
}

fn number(value: &str) -> Option<Value> {
    let number: f64 = value.trim().parse().ok()?;
    serde_json::Number::from_f64(number).map(Value::Number)
}

/// A time as Labelbox writes it. One without an offset is UTC, as its SDK reads it; a day alone begins at midnight.
fn time(value: &str) -> Option<String> {
    let value = value.trim();
    let of_offset = || value.parse::<Timestamp>().or_else(|_| value.parse::<Zoned>().map(|time| time.timestamp())).ok();
    let civil = || value.parse::<DateTime>().or_else(|_| value.parse::<Date>().map(|day| day.at(0, 0, 0, 0))).ok();
    let time = of_offset().or_else(|| civil()?.to_zoned(TimeZone::UTC).ok().map(|time| time.timestamp()))?;
    Some(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

impl Labelbox {
    /// What metadata may say; asked for once a dataset, until it is prepared again.
    pub(super) async fn fields(&self, dataset: &str) -> Result<Arc<Fields>, Problem> {
        if let Some(known) = self.known_fields().get(dataset) {
            return Ok(Arc::clone(known));
        }
        let told = self.graphql.ask(Query::new("register", operations::ONTOLOGY)).await?;
        let fields = Arc::new(Fields::of(told.list("/data/customMetadataOntology")?));
        self.known_fields().insert(dataset.to_owned(), Arc::clone(&fields));
        Ok(fields)
    }

    pub(super) fn forget_fields(&self, dataset: &str) {
        self.known_fields().remove(dataset);
    }

    fn known_fields(&self) -> MutexGuard<'_, std::collections::HashMap<String, Arc<Fields>>> {
        self.fields.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Fields {
        let all = json!([
            {"id": "c-tag", "name": "tag", "kind": "CustomMetadataString", "options": []},
            {"id": "c-time", "name": "captureDateTime", "kind": "CustomMetadataDateTime", "options": []},
            {"id": "c-split", "name": "split", "kind": "CustomMetadataEnum", "options": [
                {"id": "c-train", "name": "train"}, {"id": "c-valid", "name": "valid"}, {"id": "c-test", "name": "test"}]},
            {"id": "c-alt", "name": "altitude", "kind": "CustomMetadataNumber", "options": null},
            {"id": "c-Alt", "name": "Altitude", "kind": "CustomMetadataString", "options": null},
            {"id": "c-emb", "name": "vector", "kind": "CustomMetadataEmbedding", "options": null},
        ]);
        Fields::of(all.as_array().expect("a list"))
    }

    fn written(name: &str, value: &str) -> Result<Value, String> {
        fields().written(&[(name.to_owned(), value.to_owned())]).map(Value::Array)
    }

    #[test]
    fn each_kind_of_field_is_written_as_the_sdk_writes_it() {
        let one = |id: &str, value: Value| Ok(json!([{"schemaId": id, "value": value}]));
        assert_eq!(written("tag", " a b "), one("c-tag", " a b ".into()));
        assert_eq!(written("TAG", "5"), one("c-tag", "5".into()));
        assert_eq!(written("c-alt", "12"), one("c-alt", 12.0.into()));
        assert_eq!(written("altitude", "-1.5e3"), one("c-alt", (-1500.0).into()));
        assert_eq!(written("Altitude", "high"), one("c-Alt", "high".into()));
        for (given, meant) in [
            ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z"),
            ("2024-01-02T05:04:05.678+02:00", "2024-01-02T03:04:05Z"),
            ("2024-01-02 03:04:05", "2024-01-02T03:04:05Z"),
            ("2024-01-02", "2024-01-02T00:00:00Z"),
        ] {
            assert_eq!(written("captureDateTime", given), one("c-time", meant.into()), "{given}");
        }
        let split = Ok(json!([{"schemaId": "c-split", "value": {}}, {"schemaId": "c-train", "value": {}}]));
        assert_eq!(written("split", "train"), split);
        assert_eq!(written("Split", "TRAIN"), split);
        assert_eq!(written("split", "c-train"), split);
        assert_eq!(written("split", "training"), split);
        assert_eq!(written("tag", ""), Ok(json!([])));
    }

    #[test]
    fn a_name_alone_can_be_asked_about() {
        assert_eq!(fields().misfit("altitude", ""), None);
        assert!(fields().misfit("altitud", "").is_some() && fields().misfit("vector", "").is_some());
        assert_eq!((fields().misfit("c-alt", ""), fields().misfit("c-train", "")), (None, None), "ids name fields and choices");
        assert!(fields().misfit("c-gone", "").is_some() && fields().misfit("train", "").is_some());
    }

    #[test]
    fn what_does_not_fit_is_said_with_name_and_value() {
        for (name, value, words) in [
            ("altitud", "1", &["altitud"][..]),
            ("c-alt", "high", &["altitude", "high"]),
            ("altitude", "NaN", &["altitude", "NaN"]),
            ("altitude", "1e999", &["1e999"]),
            ("captureDateTime", "yesterday", &["captureDateTime", "yesterday"]),
            ("split", "dev", &["split", "dev", "train, valid, test"]),
            ("vector", "1", &["vector"]),
        ] {
            let said = written(name, value).expect_err("refused");
            assert!(!said.starts_with("labelbox-"), "no words: {said}");
            assert!(words.iter().all(|word| said.contains(word)), "{said}");
            assert_eq!(fields().misfit(name, value), Some(said), "what is asked before differs from what is refused");
        }
    }
}
