//! Signed addresses, signed anew: only of objects in a bucket that is connected. What was before and what is after is told
//! without the signatures.

use super::super::quoting::push_text;
use gantry_model::json;
use gantry_model::manifest::{About, Change, Dialect, Found, Known, ManifestRow, Objects, RowText};
use gantry_model::platform::bare;
use gantry_model::words::{Value, say};
use gantry_model::{Code, Problem};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// Signatures that can be made anew.
pub(crate) const SIGNED: &[About] = &[About::UrlSignedOver, About::UrlSigned];

/// Who signs, and for how long.
#[derive(Debug)]
pub struct Signing {
    objects: Arc<dyn Objects>,
    life: Duration,
    now: Known,
    runtime: Runtime,
}

impl Signing {
    /// `objects` knows the connected buckets; the new addresses work for `life` from `now` on, 7 days at most.
    ///
    /// # Errors
    /// The system gives no runtime.
    pub fn new(objects: Arc<dyn Objects>, life: Duration, now: Known) -> Result<Self, Problem> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Problem::new(Code::Bug, "sign").with("said", error.to_string()))?;
        Ok(Self { objects, life, now, runtime })
    }

    /// The changes of one row that are wished. An address outside of the connected buckets stays as it is.
    pub(crate) fn changes(
        &self,
        dialect: &dyn Dialect,
        row: &RowText<'_>,
        read: &ManifestRow<'_>,
        matters: &[About],
    ) -> Vec<Change> {
        let mut found: Vec<Found> = Vec::new();
        dialect.check(row, read, self.now, &mut found);
        let signed = found.into_iter().filter(|one| SIGNED.contains(&one.about) && matters.contains(&one.about));
        signed.filter_map(|one| self.change(row, &one)).collect()
    }

    fn change(&self, row: &RowText<'_>, found: &Found) -> Option<Change> {
        let old = json::Value::new(row.text, found.span).text()?;
        let new = self.runtime.block_on(self.objects.sign(&old, self.life))?;
        let mut text = String::new();
        push_text(&mut text, &new);
        let shown = |id: &str, day: &str| {
            let url = bare(&old).to_owned();
            say(id, &[("url", Value::Text(&url)), ("day", Value::Text(day))])
        };
        let over = found.about == About::UrlSignedOver;
        let until = self.now.now.saturating_add_unsigned(self.life.as_secs());
        Some(Change {
            matters: vec![found.about],
            at: found.span.at,
            end: found.span.end,
            text,
            field: found.field.clone(),
            before: shown(if over { "manifest-signed-over" } else { "manifest-signed-until" }, &found.value),
            after: shown("manifest-signed-anew", &day(until)),
        })
    }
}

/// The day and minute for people, in UTC.
fn day(seconds: i64) -> String {
    let text = crate::journal::rfc3339(seconds.saturating_mul(1000));
    format!("{} {} UTC", text.get(..10).unwrap_or_default(), text.get(11..16).unwrap_or_default())
}
