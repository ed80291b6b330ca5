//! Why a command could not do its work: an exit status, a code for programs, words for people.
//! The words of a problem are those of the window; measured facts stand in one line of details.

use crate::out::Out;
use gantry_engine::engine::CannotStart;
use gantry_model::words::{Value, say, try_say_of};
use gantry_model::{Code, Problem, show};
use serde::Serialize;

/// Bad input or usage.
pub const USAGE: u8 = 2;
/// It could not start.
pub const NO_START: u8 = 3;

/// A command that did not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The exit status.
    pub status: u8,
    /// The stable word.
    pub code: String,
    /// What happened, why, what to do: one line each.
    pub lines: Vec<String>,
}

/// The last line with `--json`.
#[derive(Serialize)]
struct ErrorEvent<'a> {
    event: &'static str,
    code: &'a str,
    text: String,
}

impl Failure {
    /// Bad input, in one sentence from the words.
    pub fn usage(id: &str, values: &[(&str, Value<'_>)]) -> Self {
        Self { status: USAGE, code: "usage".into(), lines: vec![say(id, values)] }
    }

    /// A problem, with the exit status that its kind has where nothing has begun yet.
    pub fn from_problem(problem: &Problem) -> Self {
        Self::about(false, problem)
    }

    /// The same of an upload; `rows` where rows of a manifest are registered.
    pub fn about(rows: bool, problem: &Problem) -> Self {
        let status = match problem.code {
            Code::NoSecret | Code::KeychainLocked | Code::KeychainAbsent | Code::JournalFull | Code::Bug => NO_START,
            _ => USAGE,
        };
        Self { status, ..Self::told_of(rows, problem) }
    }

    /// A problem, with this exit status.
    pub fn with_status(problem: &Problem, status: u8) -> Self {
        Self { status, ..Self::told_of(false, problem) }
    }

    fn told_of(rows: bool, problem: &Problem) -> Self {
        let facts: Vec<_> = problem.facts.iter().map(|(name, value)| ((*name).to_owned(), show::text(value))).collect();
        let mut lines = explain(rows, problem.code, &facts);
        lines.push(details(problem.code, problem.doing, &facts));
        Self { status: USAGE, code: problem.code.word().into(), lines }
    }

    /// The engine did not start.
    pub fn from_start(cannot: &CannotStart) -> Self {
        let word = cannot.word();
        let detail = show::text(&cannot.detail());
        let id = format!("console-cannot-{}", word.replace('_', "-"));
        let lines = say(&id, &[("detail", Value::Text(&detail))]).lines().map(str::to_owned).collect();
        Self { status: NO_START, code: word.into(), lines }
    }

    /// Bad usage that was told to people already.
    pub fn told(text: String) -> Self {
        Self { status: USAGE, code: "usage".into(), lines: vec![text] }
    }

    /// Prints it: words to standard error, with `--json` also the last line of standard output.
    pub fn print(&self, out: Out) {
        for line in &self.lines {
            out.aside(line);
        }
        self.print_event(out);
    }

    /// The last line of standard output with `--json`.
    pub fn print_event(&self, out: Out) {
        let sentences: Vec<_> = self.lines.iter().filter(|line| !line.starts_with("Details: ")).map(String::as_str).collect();
        out.event(&ErrorEvent { event: "error", code: &self.code, text: joined(&sentences) });
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::from_problem(&problem)
    }
}

/// Title, body and what to do, as the window says them; `rows` where rows of a manifest are registered.
pub fn explain(rows: bool, code: Code, facts: &[(String, String)]) -> Vec<String> {
    let mut values: Vec<(&str, Value<'_>)> = facts.iter().map(|(name, value)| (name.as_str(), Value::Text(value))).collect();
    for missing in ["region", "bucket", "said", "container", "needed", "path"] {
        if !facts.iter().any(|(name, _)| name == missing) {
            values.push((missing, Value::Text("?")));
        }
    }
    let id = format!("problem-{}", code.word().replace('_', "-"));
    let part = |part: &str| try_say_of(rows, &format!("{id}.{part}"), &values);
    let next = part("action").map(|action| say("console-next", &[("action", Value::Text(&action))]));
    [part("title"), part("body"), next].into_iter().flatten().collect()
}

/// Lines as one text: a title gets its full stop.
pub fn joined(lines: &[&str]) -> String {
    let ended = |line: &&str| if line.ends_with(['.', '!', '?', ':']) { (*line).to_owned() } else { format!("{line}.") };
    lines.iter().map(ended).collect::<Vec<_>>().join(" ")
}

/// `Details: code=... doing=... name=value`.
pub fn details(code: Code, doing: &str, facts: &[(String, String)]) -> String {
    let mut line = format!("Details: code={}", code.word());
    if !doing.is_empty() {
        line.push_str(&format!("; doing={doing}"));
    }
    for (name, value) in facts {
        line.push_str(&format!("; {name}={value}"));
    }
    line
}

/// Reads the facts back from a journal's line `name=value; name=value`.
pub fn facts(detail: &str) -> Vec<(String, String)> {
    let pairs = detail.split("; ").filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), show::text(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_what_why_and_what_next_with_its_facts() {
        let problem = Problem::new(Code::WrongRegion, "put").with("region", "eu-west-1");
        let failure = Failure::from_problem(&problem);
        assert_eq!(failure.lines.len(), 4, "{failure:?}");
        assert!(failure.lines[1].contains("eu-west-1") && failure.lines[2].contains("eu-west-1"), "{failure:?}");
        assert_eq!(failure.lines[3], "Details: code=wrong_region; doing=put; region=eu-west-1");
    }

    #[test]
    fn a_fact_that_is_missing_leaves_no_hole() {
        for code in Code::ALL {
            for rows in [false, true] {
                let text = explain(rows, *code, &[]).join(" ");
                assert!(!text.contains('{') && !text.contains("problem-"), "{text}");
            }
        }
    }

    #[test]
    fn a_name_in_a_fact_moves_no_cursor() {
        let problem = Problem::new(Code::SourceGone, "take").with("path", "a\x1b[2J\nb");
        let text = Failure::from_problem(&problem).lines.join("\n");
        assert!(!text.contains('\x1b') && text.lines().count() == 4, "{text}");
    }

    #[test]
    fn what_cannot_start_and_what_is_wrong_have_different_statuses() {
        for (code, status) in
            [(Code::NoSecret, 3), (Code::KeychainAbsent, 3), (Code::ConnectionMissing, 2), (Code::SourceGone, 2)]
        {
            assert_eq!(Failure::from_problem(&Problem::new(code, "open")).status, status);
        }
    }

    #[test]
    fn facts_are_read_back() {
        let read = facts("region=eu; said=a=b; broken");
        assert_eq!(read, [("region".into(), "eu".into()), ("said".into(), "a=b".into())]);
    }
}
