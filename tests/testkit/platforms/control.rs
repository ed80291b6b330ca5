//! What people and tests of other processes ask of a fake, without a key: `/_gantry/state`, `/_gantry/requests`,
//! `/_gantry/switch`.

use super::asked::{Asked, Body};
use super::house::House;
use super::reply::Reply;
use super::switches::{Fault, Manners};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::http::request;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What a switch may do, in this order.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Switch {
    /// Takes back every fault and every change of behaviour.
    calm: bool,
    /// Puts the example in.
    seed: bool,
    /// Forgets the requests.
    forget: bool,
    /// What the requests from here on belong to.
    mark: Option<String>,
    /// Changes of behaviour.
    set: Map<String, Value>,
    /// Something that goes wrong from here on.
    fail: Option<Fault>,
}

pub(super) async fn answer(house: &House, head: &request::Parts, body: Incoming) -> Reply {
    let rows = head.uri.query() != Some("rows=no");
    match (head.method.as_str(), head.uri.path()) {
        ("GET", "/_gantry/state") => Reply::json(200, &house.state(rows)),
        ("GET", "/_gantry/requests") => Reply::json(200, &house.requests().iter().map(shown).collect()),
        ("POST", "/_gantry/switch") => {
            let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            match serde_json::from_slice(&body).map_err(|why| why.to_string()).and_then(|switch| turned(house, switch)) {
                Ok(manners) => Reply::json(200, &json!({"now": manners})),
                Err(why) => Reply::json(400, &json!({"error": why})),
            }
        }
        _ => Reply::json(404, &json!({"error": "GET /_gantry/state[?rows=no], GET /_gantry/requests, POST /_gantry/switch"})),
    }
}

fn turned(house: &House, switch: Switch) -> Result<Manners, String> {
    if switch.calm {
        house.calm();
    }
    let mut wanted = serde_json::to_value(house.manners()).map_err(|why| why.to_string())?;
    for (name, value) in switch.set {
        wanted[name] = value;
    }
    let wanted: Manners = serde_json::from_value(wanted).map_err(|why| why.to_string())?;
    house.set(|manners| *manners = wanted);
    if switch.seed {
        house.seed();
    }
    if switch.forget {
        house.forget_requests();
    }
    if let Some(mark) = switch.mark {
        house.mark(&mark);
    }
    if let Some(fault) = switch.fail {
        house.fail(fault);
    }
    Ok(house.manners())
}

fn shown(asked: &Asked) -> Value {
    let parts = |part: &super::Part| {
        json!({"name": part.name, "filename": part.filename, "content_type": part.content_type, "size": part.size, "md5": part.sum.hex(),
               "text": part.content.as_ref().and_then(|bytes| std::str::from_utf8(bytes).ok())})
    };
    let body = match &asked.body {
        Body::Empty => Value::Null,
        Body::Plain { bytes, gzip } => {
            let json: Value = serde_json::from_slice(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into());
            json!({"gzip": gzip, "content": json})
        }
        Body::Form(form) => json!({"parts": form.iter().map(parts).collect::<Vec<_>>()}),
        Body::File { size, sum, .. } => json!({"size": size, "md5": sum.hex()}),
        Body::Broken => json!("broken"),
    };
    json!({"side": format!("{:?}", asked.side).to_lowercase(), "kind": asked.kind, "mark": asked.mark, "method": asked.method,
           "path": asked.path, "query": asked.query, "headers": asked.headers, "body": body})
}
