//! Objects in parts: begin, send, list, seal, discard.
//! A success of the seal is believed only with the result document; an error may come with status 200.

use super::S3;
use super::answer::{Answer, checksum_header, digest, plain_etag};
use super::call::{Call, LISTING, Load};
use super::objects::{metadata, unknown};
use super::xml::{self, Met};
use gantry_model::{
    Algorithm, Body, Code, Digest, Outgoing, PartNo, PartProof, PartsThere, Problem, Reaction, RemoteRef, Ticket,
};
use reqwest::Method;
use std::fmt::Write;
use std::time::Duration;

/// Putting ten thousand parts together can take minutes.
const SEALING: Duration = Duration::from_secs(300);
/// An abort may have to be said again while parts were still arriving, by
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html>.
const ABORTS: usize = 4;

type Part = (PartNo, u64, String, Option<Digest>);

impl S3 {
    /// The algorithm of an upload whose checksum covers the full object, where the store takes that.
    fn full_object(&self) -> Option<Algorithm> {
        if self.learned.full_object.known() == Some(false) { None } else { self.learned.checksum() }
    }

    pub(super) async fn begin_upload(&self, item: &Outgoing, part_size: u64) -> Result<Ticket, Problem> {
        self.look_where_blind(item, "begin").await?;
        let summed = self.full_object();
        let mut call = Call::new("begin", Method::POST, Some(&item.key)).query(&[("uploads", "")]);
        call.headers.extend(metadata(item));
        if let Some(algorithm) = summed {
            call = call.header("x-amz-checksum-algorithm", algorithm.name()).header("x-amz-checksum-type", "FULL_OBJECT");
        }
        let answer = self.call(call).await?;
        if !answer.is_success() {
            return Err(self.refused_whole(&answer, summed.is_some()));
        }
        let mut handle = String::new();
        let root = xml::read(&answer.body, |met| {
            if let Met::Leaf("UploadId", text) = met {
                text.clone_into(&mut handle);
            }
        });
        if !xml::is_answer(root.as_deref(), "InitiateMultipartUpload") || handle.is_empty() {
            return Err(self.stranger(&answer));
        }
        let algorithm = summed.or_else(|| self.learned.checksum()).unwrap_or(Algorithm::Crc64nvme);
        Ok(Ticket { key: item.key.clone(), handle, part_size, algorithm })
    }

    pub(super) async fn send_part(&self, ticket: &Ticket, part: PartNo, body: Body) -> Result<PartProof, Problem> {
        let number = part.0.to_string();
        let query = [("partNumber", number.as_str()), ("uploadId", ticket.handle.as_str())];
        let (name, value) = match self.full_object() {
            Some(_) => self.checksum(&body),
            None => checksum_header(&Digest::Md5(<md5::Md5 as md5::Digest>::digest(&body.bytes).into())),
        };
        let (size, sum) = (body.bytes.len() as u64, body.digest);
        let call =
            Call::new("send", Method::PUT, Some(&ticket.key)).query(&query).header(name, value).body(Load::Content(body.bytes));
        let answer = self.call(call).await?;
        if !answer.is_success() {
            return Err(self.refused_whole(&answer, name != "content-md5"));
        }
        let Some(etag) = answer.header("etag").map(plain_etag) else { return Err(self.stranger(&answer)) };
        let reported = answer.remote(false).digest.filter(|digest| digest.algorithm() == sum.algorithm());
        if reported.is_some_and(|digest| digest != sum) {
            let mut problem = Problem::new(Code::ChecksumDiffers, "send");
            problem.reaction = Reaction::Retry;
            return Err(problem);
        }
        Ok(PartProof { part, size, etag, digest: sum })
    }

    /// What the store holds. Some stores know an upload that has become an object as one without parts: it is gone.
    pub(super) async fn parts_there(&self, ticket: &Ticket) -> Result<PartsThere, Problem> {
        match self.list_parts(ticket).await? {
            PartsThere::Parts(parts) if parts.is_empty() && self.find_object(&ticket.key).await?.is_some() => {
                Ok(PartsThere::Gone)
            }
            other => Ok(other),
        }
    }

    pub(super) async fn list_parts(&self, ticket: &Ticket) -> Result<PartsThere, Problem> {
        if self.learned.list_parts.known() == Some(false) {
            return Ok(PartsThere::Unsaid);
        }
        let mut parts: Vec<Part> = Vec::new();
        loop {
            let last = parts.last().map_or(0, |part| part.0.0);
            let marker = last.to_string();
            let query = [("max-parts", "1000"), ("part-number-marker", marker.as_str()), ("uploadId", ticket.handle.as_str())];
            let answer = self.call(Call::new("parts", Method::GET, Some(&ticket.key)).query(&query).cap(LISTING)).await?;
            if !answer.is_success() {
                return self.no_parts(&answer);
            }
            let Some((mut page, more)) = page(&answer.body) else { return Err(self.stranger(&answer)) };
            self.learned.list_parts.learn(true);
            page.sort_unstable_by_key(|part| part.0);
            let moves_on = page.first().is_some_and(|part| part.0.0 > last);
            parts.extend(page);
            if !more {
                return Ok(PartsThere::Parts(parts));
            }
            if !moves_on || parts.len() > 10_000 {
                return Err(Problem::new(Code::ServerError, "parts").with("said", "the listing is out of order"));
            }
        }
    }

    fn no_parts(&self, answer: &Answer) -> Result<PartsThere, Problem> {
        let said = answer.fault().map(|fault| fault.code).unwrap_or_default();
        if matches!(said.as_str(), "NotImplemented" | "MethodNotAllowed") || matches!(answer.status, 405 | 501) {
            self.learned.list_parts.learn(false);
            return Ok(PartsThere::Unsaid);
        }
        let problem = self.problem(answer);
        if problem.code == Code::TicketGone { Ok(PartsThere::Gone) } else { Err(problem) }
    }

    pub(super) async fn seal_upload(
        &self,
        item: &Outgoing,
        ticket: &Ticket,
        parts: &[PartProof],
        whole: Digest,
    ) -> Result<RemoteRef, Problem> {
        self.look_where_blind(item, "seal").await?;
        let query = [("uploadId", ticket.handle.as_str())];
        let (condition, conditional) = self.condition(item);
        let mut call = Call::new("seal", Method::POST, Some(&ticket.key))
            .query(&query)
            .header("content-type", "application/xml")
            .patience(SEALING + Duration::from_millis(50) * u32::try_from(parts.len()).unwrap_or(u32::MAX))
            .body(Load::Words(document(parts)));
        call.headers.extend(condition);
        let summed = self.full_object() == Some(ticket.algorithm) && whole.algorithm() == ticket.algorithm;
        if summed {
            call.headers.push(checksum_header(&whole));
            call = call.header("x-amz-checksum-type", "FULL_OBJECT").header("x-amz-mp-object-size", item.size.to_string());
        }
        let answer = self.call(call).await?;
        let sealed = if answer.is_success() { result(&answer) } else { None };
        match sealed {
            Some(remote) => Ok(self.proven(self.with_digest(item, remote).await)),
            None => Err(self.unless_gone(self.not_sealed(&answer, summed, conditional), ticket).await),
        }
    }

    /// Some stores deny access to an upload that is not there any more, where S3 says so.
    async fn unless_gone(&self, problem: Problem, ticket: &Ticket) -> Problem {
        let denied = problem.code == Code::AccessDenied;
        let empty = |there: PartsThere| matches!(there, PartsThere::Gone) || there == PartsThere::Parts(Vec::new());
        if denied && self.list_parts(ticket).await.is_ok_and(empty) {
            return Problem::new(Code::TicketGone, problem.doing);
        }
        problem
    }

    fn not_sealed(&self, answer: &Answer, summed: bool, conditional: bool) -> Problem {
        let fault = answer.fault();
        if answer.is_success() && fault.is_none() && answer.body.iter().all(u8::is_ascii_whitespace) {
            // Nobody knows; the same request again is harmless.
            return Problem::new(Code::ServerError, "seal").with("said", "the answer is empty");
        }
        if matches!(unknown(answer, summed, conditional), Some(super::objects::Unknown::Condition)) {
            return self.refused(answer, None, conditional);
        }
        let mut problem = self.refused_whole(answer, summed);
        // After a conflict the parts are of no use any more, by
        // <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html>.
        if fault.is_some_and(|fault| fault.code == "ConditionalRequestConflict") {
            problem.reaction = Reaction::StartOver;
        }
        problem
    }

    /// The digest of the full object, asked for where the seal's answer has none. Size and digest stay unknown where
    /// that fails: the object is there, and the caller looks again.
    async fn with_digest(&self, item: &Outgoing, mut remote: RemoteRef) -> RemoteRef {
        if remote.digest.is_some() {
            return remote;
        }
        if let Ok(Some(found)) = self.find_object(&item.key).await
            && (remote.etag.is_none() || found.etag.is_none() || found.etag == remote.etag)
        {
            remote.size = found.size;
            remote.digest = found.digest;
            remote.etag = remote.etag.or(found.etag);
            remote.version = remote.version.or(found.version);
        }
        remote
    }

    pub(super) async fn abort_upload(&self, ticket: &Ticket) -> Result<(), Problem> {
        for _ in 0..ABORTS {
            let query = [("uploadId", ticket.handle.as_str())];
            let answer = self.call(Call::new("discard", Method::DELETE, Some(&ticket.key)).query(&query)).await?;
            if !answer.is_success() {
                let problem = self.unless_gone(self.problem(&answer), ticket).await;
                return if matches!(problem.code, Code::TicketGone | Code::NotThere) { Ok(()) } else { Err(problem) };
            }
            match self.list_parts(ticket).await? {
                PartsThere::Parts(parts) if !parts.is_empty() => {}
                PartsThere::Gone | PartsThere::Unsaid | PartsThere::Parts(_) => return Ok(()),
            }
        }
        Err(Problem::new(Code::ServerError, "discard").with("said", "the parts are still there"))
    }

    /// A refusal; where the store does not know checksums of full objects, the next upload goes without.
    fn refused_whole(&self, answer: &Answer, summed: bool) -> Problem {
        let mut problem = self.problem(answer);
        let not_known = answer.fault().is_some_and(|fault| fault.code == "NotImplemented");
        let blamed = matches!(unknown(answer, summed, false), Some(super::objects::Unknown::Checksum));
        if summed && (blamed || (not_known && answer.doing == "begin")) {
            self.learned.full_object.learn(false);
            problem.code = Code::ServerError;
            problem.reaction = if answer.doing == "send" { Reaction::StartOver } else { Reaction::Retry };
        }
        problem
    }
}

fn document(parts: &[PartProof]) -> String {
    let mut text = String::with_capacity(parts.len() * 110 + 100);
    text.push_str("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for part in parts {
        // Writing into a string cannot fail.
        let _ = write!(
            text,
            "<Part><PartNumber>{}</PartNumber><ETag>&quot;{}&quot;</ETag></Part>",
            part.part.0,
            xml::escape(&part.etag)
        );
    }
    text.push_str("</CompleteMultipartUpload>");
    text
}

/// The result document of a seal; `None` where the body is anything else.
fn result(answer: &Answer) -> Option<RemoteRef> {
    let mut remote = answer.remote(false);
    let (mut composite, mut sum) = (false, None);
    let root = xml::read(&answer.body, |met| match met {
        Met::Leaf("ETag", text) => remote.etag = Some(plain_etag(text)).filter(|etag| !etag.is_empty()),
        Met::Leaf("ChecksumType", text) => composite = text == "COMPOSITE",
        Met::Leaf("ChecksumCRC64NVME", text) => sum = digest(Algorithm::Crc64nvme, text).or(sum),
        Met::Leaf("ChecksumCRC32C", text) => sum = sum.or_else(|| digest(Algorithm::Crc32c, text)),
        _ => {}
    });
    if !xml::is_answer(root.as_deref(), "CompleteMultipartUpload") {
        return None;
    }
    remote.digest = if composite { None } else { sum.or(remote.digest) };
    Some(remote)
}

fn page(body: &[u8]) -> Option<(Vec<Part>, bool)> {
    let (mut parts, mut more, mut whole) = (Vec::new(), false, true);
    let (mut number, mut size, mut etag, mut sum) = (None, None, String::new(), None);
    let root = xml::read(body, |met| match met {
        Met::Leaf("IsTruncated", text) => more = text == "true",
        Met::Leaf("Part/PartNumber", text) => number = text.trim().parse::<u32>().ok(),
        Met::Leaf("Part/Size", text) => size = text.trim().parse::<u64>().ok(),
        Met::Leaf("Part/ETag", text) => etag = plain_etag(text),
        Met::Leaf("Part/ChecksumCRC64NVME", text) => sum = digest(Algorithm::Crc64nvme, text).or(sum),
        Met::Leaf("Part/ChecksumCRC32C", text) => sum = sum.or_else(|| digest(Algorithm::Crc32c, text)),
        Met::Branch("Part") => match (number.take(), size.take()) {
            (Some(number), Some(size)) => parts.push((PartNo(number), size, std::mem::take(&mut etag), sum.take())),
            _ => whole = false,
        },
        _ => {}
    });
    (xml::is_answer(root.as_deref(), "ListParts") && whole).then_some((parts, more))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_named_in_order_with_their_marks() {
        let proof = |part, etag: &str| PartProof { part: PartNo(part), size: 1, etag: etag.into(), digest: Digest::Crc64nvme(1) };
        let text = document(&[proof(1, "aa"), proof(2, "b<b")]);
        let mut met = Vec::new();
        let root = xml::read(text.as_bytes(), |what| {
            if let Met::Leaf(path, text) = what {
                met.push(format!("{path}={text}"));
            }
        });
        assert_eq!(root.as_deref(), Ok("CompleteMultipartUpload"));
        assert_eq!(met, ["Part/PartNumber=1", "Part/ETag=\"aa\"", "Part/PartNumber=2", "Part/ETag=\"b<b\""]);
    }

    #[test]
    fn a_list_of_parts_is_read_whole_or_not_at_all() {
        let xml = b"<ListPartsResult><IsTruncated>false</IsTruncated><Part><PartNumber>2</PartNumber><Size>7</Size>\
            <ETag>\"aa\"</ETag><ChecksumCRC64NVME>AAAAAAAAAAE=</ChecksumCRC64NVME></Part></ListPartsResult>";
        let (parts, more) = page(xml).expect("a page");
        assert_eq!(parts, [(PartNo(2), 7, "aa".to_owned(), Some(Digest::Crc64nvme(1)))]);
        assert!(!more);
        assert!(page(b"<ListPartsResult><Part><PartNumber>x</PartNumber><Size>7</Size></Part></ListPartsResult>").is_none());
        assert!(page(b"<html/>").is_none());
    }

    #[test]
    fn a_checksum_of_parts_is_not_one_of_the_object() {
        assert_eq!(digest(Algorithm::Crc64nvme, "AAAAAAAAAAE=-3"), None);
        assert_eq!(digest(Algorithm::Crc64nvme, "AAAAAAAAAAE="), Some(Digest::Crc64nvme(1)));
        assert_eq!(digest(Algorithm::Crc32c, "AAAAAAAAAAE="), None);
    }
}
