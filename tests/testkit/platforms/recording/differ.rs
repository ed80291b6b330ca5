//! Two lists of requests side by side: what is missing, what is too much, and where two that belong together differ.

use super::{How, Request};
use serde_json::{Map, Value};

/// Every difference between a recording and what a client sent, in words.
pub fn differences(recorded: &[Request], seen: &[Request], how: How) -> Vec<String> {
    let ready =
        |all: &[Request]| all.iter().map(|one| Request { content: judged(&one.content, how), ..one.clone() }).collect::<Vec<_>>();
    let (recorded, seen) = (ready(recorded), ready(seen));
    let pairs = if how.order { in_order(&recorded, &seen) } else { in_any_order(&recorded, &seen) };
    let mut told = Vec::new();
    for (at, one) in recorded.iter().enumerate() {
        match pairs[at] {
            Some(other) => compare(&format!("{at}: {}", one.label), &one.content, &seen[other].content, &mut told),
            None => told.push(format!("{at}: {} was not sent", one.label)),
        }
    }
    let extra = seen.iter().enumerate().filter(|(at, _)| !pairs.contains(&Some(*at)));
    told.extend(extra.map(|(_, one)| format!("{} was sent, and is not in the recording", one.label)));
    told
}

/// The longest way through both lists that keeps the order, by label.
fn in_order(recorded: &[Request], seen: &[Request]) -> Vec<Option<usize>> {
    let mut length = vec![vec![0_usize; seen.len() + 1]; recorded.len() + 1];
    for at in (0..recorded.len()).rev() {
        for other in (0..seen.len()).rev() {
            length[at][other] = if recorded[at].label == seen[other].label {
                length[at + 1][other + 1] + 1
            } else {
                length[at + 1][other].max(length[at][other + 1])
            };
        }
    }
    let (mut pairs, mut at, mut other) = (vec![None; recorded.len()], 0, 0);
    while at < recorded.len() && other < seen.len() {
        if recorded[at].label == seen[other].label {
            pairs[at] = Some(other);
            (at, other) = (at + 1, other + 1);
        } else if length[at + 1][other] >= length[at][other + 1] {
            at += 1;
        } else {
            other += 1;
        }
    }
    pairs
}

/// Equals first; then those of the same label that are left.
fn in_any_order(recorded: &[Request], seen: &[Request]) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; recorded.len()];
    for equal in [true, false] {
        for at in 0..recorded.len() {
            if pairs[at].is_none() {
                let fits = |other: &usize| {
                    let same = if equal { recorded[at] == seen[*other] } else { recorded[at].label == seen[*other].label };
                    same && !pairs.contains(&Some(*other))
                };
                pairs[at] = (0..seen.len()).find(fits);
            }
        }
    }
    pairs
}

/// The part of a content that counts.
fn judged(content: &Value, how: How) -> Value {
    let Value::Object(all) = content else { return content.clone() };
    let one = |(name, value): (&String, &Value)| {
        let value = match name.as_str() {
            "graphql" => operation(value, how),
            "parts" => value.as_array().into_iter().flatten().map(|part| form_part(part, how)).collect(),
            "headers" => value.clone(),
            _ if how.values => value.clone(),
            "query" => value.as_array().into_iter().flatten().map(|pair| pair[0].clone()).collect(),
            _ => shape(value),
        };
        (name.clone(), value)
    };
    all.iter().map(one).collect::<Map<_, _>>().into()
}

fn form_part(part: &Value, how: How) -> Value {
    let Value::Object(all) = part else { return part.clone() };
    let one = |(name, value): (&String, &Value)| {
        let value = match name.as_str() {
            "graphql" => operation(value, how),
            "json" | "filename" | "type" if !how.values => shape(value),
            _ => value.clone(),
        };
        (name.clone(), value)
    };
    // What is in a file is its owner's; only JSON has a shape.
    all.iter()
        .filter(|(name, _)| how.values || !["text", "bytes"].contains(&name.as_str()))
        .map(one)
        .collect::<Map<_, _>>()
        .into()
}

fn operation(value: &Value, how: How) -> Value {
    match value {
        Value::Object(all) => {
            let one = |(name, value): (&String, &Value)| match name.as_str() {
                "selection" if !how.selection => None,
                "arguments" if !how.values => Some((name.clone(), shape(value))),
                _ => Some((name.clone(), operation(value, how))),
            };
            all.iter().filter_map(one).collect::<Map<_, _>>().into()
        }
        Value::Array(all) => all.iter().map(|one| operation(one, how)).collect(),
        other => other.clone(),
    }
}

/// The kinds of values: which fields there are, not what is in them. Of a list, each shape of its elements once.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(all) => all.iter().map(|(name, value)| (name.clone(), shape(value))).collect::<Map<_, _>>().into(),
        Value::Array(all) => {
            let mut shapes: Vec<Value> = all.iter().map(shape).collect();
            shapes.sort_by_key(Value::to_string);
            shapes.dedup();
            shapes.into()
        }
        Value::String(_) => "text".into(),
        Value::Number(_) => "number".into(),
        Value::Bool(_) => "yes or no".into(),
        Value::Null => Value::Null,
    }
}

fn compare(place: &str, recorded: &Value, seen: &Value, told: &mut Vec<String>) {
    match (recorded, seen) {
        (Value::Object(one), Value::Object(other)) => {
            for (name, value) in one {
                match other.get(name) {
                    Some(seen) => compare(&format!("{place}.{name}"), value, seen, told),
                    None => told.push(format!("{place}.{name} is missing; recorded {value}")),
                }
            }
            let extra = other.iter().filter(|(name, _)| !one.contains_key(*name));
            told.extend(extra.map(|(name, value)| format!("{place}.{name} is not in the recording; sent {value}")));
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (at, (value, seen)) in one.iter().zip(other).enumerate() {
                compare(&format!("{place}[{at}]"), value, seen, told);
            }
        }
        (one, other) if one != other => told.push(format!("{place}: recorded {one}, sent {other}")),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::recorded;
    use super::*;
    use serde_json::json;

    fn list(requests: &[Value]) -> Vec<Request> {
        recorded(&json!({"requests": requests}).to_string()).unwrap()
    }

    fn post(path: &str, body: Value) -> Value {
        json!({"side": "api", "method": "POST", "path": path, "query": [], "headers": {}, "body": {"json": body}})
    }

    #[test]
    fn each_difference_is_told_once_and_at_its_place() {
        let one = list(&[post("/a/", json!({"name": "x", "size": 1})), post("/b/", json!([]))]);
        let other = list(&[post("/c/", json!({})), post("/a/", json!({"name": "y", "more": null}))]);
        let told = differences(&one, &other, How::EXACT);
        let wanted = [
            "0: api POST /a/.body.json.name: recorded \"x\", sent \"y\"",
            "0: api POST /a/.body.json.size is missing; recorded 1",
            "0: api POST /a/.body.json.more is not in the recording; sent null",
            "1: api POST /b/ was not sent",
            "api POST /c/ was sent, and is not in the recording",
        ];
        assert_eq!(told, wanted);
        assert_eq!(differences(&one, &one, How::EXACT), [""; 0]);
    }

    #[test]
    fn a_shape_leaves_values_order_and_numbers_of_rows_free() {
        let row = |name: &str| json!({"name": name});
        let one = list(&[post("/a/", json!([row("x")])), post("/b/", json!(1))]);
        let other = list(&[post("/b/", json!(2)), post("/a/", json!([row("y"), row("z")]))]);
        assert_eq!(differences(&one, &other, How::SHAPE), [""; 0]);
        assert_eq!(differences(&one, &list(&[post("/b/", json!(2)), post("/a/", json!([1]))]), How::SHAPE).len(), 1);
    }

    #[test]
    fn the_names_of_operations_and_variables_are_free_and_arguments_are_not() {
        let graphql = |query: &str, variables: Value| post("/graphql", json!({"query": query, "variables": variables}));
        let one = list(&[graphql("query A($p: ID!){dataset(where: {id: $p}){id name}}", json!({"p": "x"}))]);
        let other = list(&[graphql("query($id: ID!){dataset(where:{id:$id}){name}}", json!({"id": "x"}))]);
        assert_eq!(differences(&one, &other, How::SHAPE), [""; 0]);
        assert_eq!(differences(&one, &other, How::EXACT).len(), 1);
        let wrong = list(&[graphql("query($id: ID!){dataset(id:$id){name}}", json!({"id": "x"}))]);
        assert_eq!(differences(&one, &wrong, How::SHAPE).len(), 2);
    }
}
