//! What Labelbox's refusals mean: `errors[].extensions.code` first, the status in `exception` next, the answer's own status last.
//! Codes as its SDK knows them: <https://github.com/Labelbox/labelbox-python/blob/develop/libs/lbox-clients/src/lbox/request_client.py>.

use crate::api::{Answer, Told};
use gantry_model::{Code, Problem, Reaction};
use serde::Deserialize;
use serde_json::Value;

/// Words by which a refusal is one of the plan. <https://github.com/Labelbox/labelbox-python/pull/1069>
const PLAN: &[&str] = &["upgrade to continue", "lbu limit", "limit exceeded", "quota", "limit of your plan"];
/// Words by which a refusal is one of too many requests.
const HASTE: &str = "you have exceeded your allotment";

/// What every answer may carry beside its data.
#[derive(Default, Deserialize)]
struct Envelope {
    #[serde(default)]
    errors: Option<Vec<Value>>,
}

/// The answer's JSON when it says that all went well.
///
/// # Errors
/// What the refusal means, with Labelbox's own code in the fact `graphql`.
pub(super) fn told(answer: Answer, container: Option<&str>) -> Result<Told, Problem> {
    let envelope: Envelope = serde_json::from_slice(&answer.body).unwrap_or_default();
    match envelope.errors.filter(|errors| !errors.is_empty()) {
        Some(_) if answer.status == 429 => Err(answer.problem()),
        Some(errors) => Err(refusal(answer, &errors, container)),
        None if answer.body.starts_with(b"upstream connect error") => Err(answer.as_problem(Code::ServerError)),
        None if answer.is_success() => answer.told(),
        None if answer.status == 426 => Err(answer.as_problem(Code::PlanLimit)),
        None => Err(for_all(answer.problem())),
    }
}

/// Labelbox does not know what was asked for.
pub(super) fn is_not_found(problem: &Problem) -> bool {
    problem.fact("graphql") == Some("RESOURCE_NOT_FOUND")
}

/// Whether words are those of a plan that has come to its end.
pub(super) fn is_of_plan(words: &str) -> bool {
    let words = words.to_lowercase();
    PLAN.iter().any(|one| words.contains(one))
}

fn refusal(mut answer: Answer, errors: &[Value], container: Option<&str>) -> Problem {
    let worst = errors.iter().find(|error| error["extensions"]["code"].is_string()).unwrap_or(&errors[0]);
    let code = worst["extensions"]["code"].as_str().unwrap_or_default().to_owned();
    let status = worst["extensions"]["exception"]["status"].as_u64().or_else(|| worst["extensions"]["status"].as_u64());
    let words = worst["message"].as_str().unwrap_or_default().to_lowercase();
    let meant = meaning(&code, status, &words, &answer);
    let meant = if meant == Code::NoSuchContainer && container.is_none() { Code::Refused } else { meant };
    answer.body = serde_json::to_vec(errors).unwrap_or_default().into();
    let mut problem = for_all(answer.as_problem(meant));
    if !code.is_empty() {
        problem = problem.with("graphql", code.chars().take(64).collect::<String>());
    }
    match container {
        Some(container) if meant == Code::NoSuchContainer => problem.with("container", container),
        _ => problem,
    }
}

fn meaning(code: &str, status: Option<u64>, words: &str, answer: &Answer) -> Code {
    let plan = is_of_plan(words);
    match (code, status) {
        ("AUTHENTICATION_ERROR", _) => Code::BadApiKey,
        ("AUTHORIZATION_ERROR", _) => Code::AccessDenied,
        ("RESOURCE_NOT_FOUND", _) => Code::NoSuchContainer,
        // "Query complexity limit exceeded" is none of the plan's limits.
        ("GRAPHQL_VALIDATION_FAILED" | "GRAPHQL_PARSE_FAILED" | "MALFORMED_REQUEST", _) => Code::Refused,
        _ if words.starts_with(HASTE) => Code::SlowDown,
        ("OPERATION_NOT_ALLOWED", _) if plan => Code::PlanLimit,
        ("OPERATION_NOT_ALLOWED", _) => Code::AccessDenied,
        ("RESOURCE_CONFLICT", _) => Code::Refused,
        (_, Some(401)) => Code::BadApiKey,
        (_, Some(413)) => Code::CallTooLarge,
        (_, Some(429)) => Code::SlowDown,
        (_, Some(402 | 426)) => Code::PlanLimit,
        _ if plan => Code::PlanLimit,
        (_, Some(403)) => Code::AccessDenied,
        (_, Some(404)) => Code::NoSuchContainer,
        (_, Some(400..=499)) => Code::Refused,
        ("INTERNAL_SERVER_ERROR", _) | (_, Some(500..=599)) => Code::ServerError,
        _ if answer.is_success() => Code::Refused,
        _ => answer.problem().code,
    }
}

/// An operation that is refused would be refused again for every row: a person has to look at it.
fn for_all(mut problem: Problem) -> Problem {
    if matches!(problem.code, Code::Refused | Code::AccessDenied) {
        problem.reaction = Reaction::AskUser;
    }
    problem
}
