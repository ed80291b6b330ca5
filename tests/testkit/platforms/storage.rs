//! The storage port: presigned POST forms and PUTs as S3 checks them, and reading what came.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html>

use super::asked::{Asked, Body, Key, decoded};
use super::form::Part;
use super::reply::Reply;
use super::shelf::{Object, Shelf, Slot};
use super::sums::Sum;
use super::switches::{Manners, Trouble};

/// Answers one request. The second value is what no client may do.
pub(super) fn answer(asked: &Asked, shelf: &mut Shelf, manners: &Manners) -> (Reply, Option<String>) {
    if let Some(wrong) = key_came(asked) {
        let message = "Only one auth mechanism allowed";
        return (Reply::s3_error(400, "InvalidArgument", message, ""), Some(wrong));
    }
    let reply = match asked.method.as_str() {
        "POST" => return post(asked, shelf, manners),
        "PUT" => put(asked, shelf, manners),
        "GET" | "HEAD" => get(asked, shelf),
        _ => Reply::s3_error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", ""),
    };
    (reply, None)
}

/// What the storage says about a trouble.
pub(super) fn says(trouble: &Trouble, manners: &Manners) -> Reply {
    match trouble {
        Trouble::Throttled(wait) => {
            let reply = Reply::s3_error(503, "SlowDown", "Please reduce your request rate.", "");
            wait.iter().fold(reply, |reply, seconds| reply.with("retry-after", seconds.to_string()))
        }
        Trouble::Expired => expired(),
        Trouble::TooLarge => too_large(manners.file_limit + 1, manners.file_limit),
        Trouble::Broken(status) => {
            Reply::s3_error(*status, "InternalError", "We encountered an internal error. Please try again.", "")
        }
        _ => denied("Access Denied"),
    }
}

/// A key in a header or in the query that is not for the storage.
fn key_came(asked: &Asked) -> Option<String> {
    let header = asked.headers.iter().find(|(name, value)| {
        asked.key != Key::None && matches!(name.as_str(), "authorization" | "apikey") || value.contains("<secret>")
    });
    let place = header.map(|(name, _)| format!("in the header {name}")).or_else(|| {
        let named =
            |(name, _): &&(String, String)| ["apikey", "api_key", "authorization"].contains(&name.to_lowercase().as_str());
        asked.query.iter().find(named).map(|(name, _)| format!("in the query, as {name}"))
    })?;
    Some(format!("{} {} carries an API key {place}", asked.method, asked.path))
}

fn post(asked: &Asked, shelf: &mut Shelf, manners: &Manners) -> (Reply, Option<String>) {
    let Body::Form(parts) = &asked.body else {
        return (
            Reply::s3_error(412, "PreconditionFailed", "Bucket POST must be of the enclosure-type multipart/form-data", ""),
            None,
        );
    };
    let Some(at) = parts.iter().position(|part| part.name == "file") else {
        return (Reply::s3_error(400, "InvalidArgument", "POST requires exactly one file upload per request.", ""), None);
    };
    // S3 does not look at fields after the file, so a form out of order lacks them.
    let out_of_order = (at + 1 != parts.len()).then(|| format!("the form to {} goes on after its file", asked.path));
    let (fields, file) = (&parts[..at], &parts[at]);
    let Some(key) = fields.iter().find(|part| part.name == "key").map(Part::text) else {
        let message = "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields.";
        return (Reply::s3_error(400, "InvalidArgument", message, ""), out_of_order);
    };
    let place = format!("{}/{key}", asked.path.trim_matches('/'));
    let reply = match shelf.slot(&place) {
        Some(Slot::Form(wanted)) => judged(&wanted, fields, file, manners),
        _ => Err(denied("Invalid according to Policy: Policy Condition failed: [\"eq\", \"$key\"]")),
    };
    (reply.map_or_else(|refused| refused, |kind| stored(shelf, place, file, kind)), out_of_order)
}

/// The form against its policy; the object's type when all is well.
fn judged(wanted: &[(String, String)], fields: &[Part], file: &Part, manners: &Manners) -> Result<Option<String>, Reply> {
    if manners.expired_targets {
        return Err(expired());
    }
    for (name, value) in wanted {
        match fields.iter().find(|part| part.name == *name) {
            Some(part) if part.text() == *value => {}
            _ => {
                let words = format!("Invalid according to Policy: Policy Condition failed: [\"eq\", \"${name}\", \"{value}\"]");
                return Err(denied(&words));
            }
        }
    }
    if let Some(extra) = fields.iter().find(|part| !wanted.iter().any(|(name, _)| *name == part.name)) {
        return Err(denied(&format!("Invalid according to Policy: Extra input fields: {}", extra.name)));
    }
    if file.size > manners.file_limit {
        return Err(too_large(file.size, manners.file_limit));
    }
    Ok(wanted.iter().find(|(name, _)| name == "Content-Type").map(|(_, value)| value.clone()))
}

fn stored(shelf: &mut Shelf, place: String, file: &Part, content_type: Option<String>) -> Reply {
    let object = Object { size: file.size, sum: file.sum.clone(), content_type, content: file.content.clone(), times: 0 };
    shelf.put(place, object);
    told(Reply::empty(204), &file.sum, false).with("x-amz-request-id", "REQUEST1")
}

fn put(asked: &Asked, shelf: &mut Shelf, manners: &Manners) -> Reply {
    if asked.header("transfer-encoding").is_some() {
        let element = "<Header>Transfer-Encoding</Header>";
        let message = "A header you provided implies functionality that is not implemented";
        return Reply::s3_error(501, "NotImplemented", message, element);
    }
    if asked.header("content-length").is_none() {
        return Reply::s3_error(411, "MissingContentLength", "You must provide the Content-Length HTTP header.", "");
    }
    let place = decoded(asked.path.trim_start_matches('/'));
    match shelf.slot(&place) {
        Some(Slot::Put(query)) if query == asked.query => {}
        Some(Slot::Put(_)) => {
            let message = "The request signature we calculated does not match the signature you provided.";
            return Reply::s3_error(403, "SignatureDoesNotMatch", message, "");
        }
        _ => return denied("Access Denied"),
    }
    if manners.expired_targets {
        return denied("Request has expired");
    }
    let Body::File { size, sum, content } = &asked.body else { return denied("Access Denied") };
    let content_type = asked.header("content-type").map(str::to_owned);
    shelf.put(place, Object { size: *size, sum: sum.clone(), content_type, content: content.clone(), times: 0 });
    told(Reply::empty(200), sum, true).with("x-amz-request-id", "REQUEST1")
}

fn get(asked: &Asked, shelf: &Shelf) -> Reply {
    let signature = asked.field("X-Amz-Signature");
    let Some(object) = shelf.get(&decoded(asked.path.trim_start_matches('/'))) else {
        return Reply::s3_error(404, "NoSuchKey", "The specified key does not exist.", "");
    };
    if !shelf.may_read(signature) {
        return denied("Access Denied");
    }
    let body = match &object.content {
        Some(content) if asked.method == "GET" => content.clone(),
        None if asked.method == "GET" => {
            return Reply::s3_error(
                501,
                "NotKept",
                "This fake keeps only small contents; of this one it knows size and ETag.",
                "",
            );
        }
        _ => bytes::Bytes::new(),
    };
    let reply =
        Reply { body, ..Reply::empty(200) }.with("content-length", object.size.to_string()).with("accept-ranges", "bytes");
    let reply = told(reply, &object.sum, asked.header("x-amz-checksum-mode") == Some("ENABLED"));
    object.content_type.iter().fold(reply, |reply, kind| reply.with("content-type", kind.clone()))
}

fn told(reply: Reply, sum: &Sum, asked: bool) -> Reply {
    sum.headers(asked).into_iter().fold(reply, |reply, (name, value)| reply.with(name, value))
}

fn denied(message: &str) -> Reply {
    Reply::s3_error(403, "AccessDenied", message, "")
}

fn expired() -> Reply {
    denied("Invalid according to Policy: Policy expired.")
}

fn too_large(size: u64, limit: u64) -> Reply {
    let elements = format!("<ProposedSize>{size}</ProposedSize><MaxSizeAllowed>{limit}</MaxSizeAllowed>");
    Reply::s3_error(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", &elements)
}
