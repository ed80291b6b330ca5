//! Trying a connection: one small object of our own is written, read, refused and removed again.
//! This is the only place that deletes, and it deletes nothing but that object.

use super::S3;
use super::answer::{Answer, checksum_header};
use super::call::{Call, Load};
use bytes::Bytes;
use gantry_model::{Access, Algorithm, Body, Code, Digest, Existing, Key, Outgoing, PartNo, PartsThere, Problem, Reaction};
use reqwest::Method;

const TRIAL: &[u8] = b"Gantry tries whether it may write here.\n";
/// Corrections of region, clock and wishes that one request may need.
const TURNS: usize = 6;

impl S3 {
    pub(super) async fn try_all(&self, prefix: &str) -> Result<Access, Problem> {
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).map_err(|_| Problem::new(Code::Bug, "access"))?;
        let folder = prefix.trim_matches('/');
        let slash = if folder.is_empty() { "" } else { "/" };
        let key = Key(format!("{folder}{slash}.gantry-access-{:016x}", u64::from_ne_bytes(random)));
        let mut access = Access::default();
        let listed = self.may_list(folder).await?;
        check(&mut access, "reach", Some(true));
        let tried = self.write_and_read(&key, &mut access).await;
        let removed = match &tried {
            Err(problem) if problem.code != Code::TimedOut && problem.code != Code::ConnectionLost => Ok(()),
            _ => self.remove(&key).await,
        };
        let date = tried?;
        check(&mut access, "remove", Some(removed.is_ok()));
        check(&mut access, "list", Some(listed));
        let target = self.learned.target();
        let skew = date.unwrap_or_default();
        check(&mut access, "region", Some(true));
        check(&mut access, "clock", date.map(|skew| skew.abs() <= 300));
        learn(&mut access, "region", &target.region);
        learn(&mut access, "clock_seconds", &skew.to_string());
        Ok(access)
    }

    /// May the person list? A missing right to do so is an answer, everything else is a problem.
    async fn may_list(&self, prefix: &str) -> Result<bool, Problem> {
        let query = [("list-type", "2"), ("max-keys", "1"), ("prefix", prefix)];
        match self.steady(|| Call::new("list", Method::GET, None).query(&query)).await {
            Ok(answer) if super::xml::read(&answer.body, |_| {}).as_deref() == Ok("ListBucketResult") => Ok(true),
            Ok(answer) => Err(self.stranger(&answer)),
            Err(problem) if problem.code == Code::AccessDenied => Ok(false),
            Err(problem) => Err(problem),
        }
    }

    /// All that needs the object. Returns how far the store's clock is ahead, in seconds.
    async fn write_and_read(&self, key: &Key, access: &mut Access) -> Result<Option<i64>, Problem> {
        let sum = crc_fast::crc64_nvme(TRIAL);
        let body = Body { bytes: Bytes::from_static(TRIAL), digest: Digest::Crc64nvme(sum) };
        let item = outgoing(key);
        let written = self.steady_put(&item, &body).await?;
        check(access, "write", Some(true));
        let read = self.find_object(key).await.ok().flatten();
        check(access, "read", Some(read.as_ref().is_some_and(|there| there.size == Some(TRIAL.len() as u64))));
        let kept = self.overwrite_refused(&item, &body).await;
        self.learned.if_none_match.learn(kept);
        let echoed = written.digest.or(read.and_then(|there| there.digest)).map(|digest| digest.algorithm());
        let checksum = match echoed {
            Some(algorithm) if self.wrong_sum_refused(key, algorithm).await => Some(algorithm),
            _ => None,
        };
        if checksum.is_none() {
            self.learned.without_any();
        }
        check(access, "checksum", Some(checksum.is_some()));
        check(access, "if-none-match", Some(kept));
        let parts = self.parts_listed(&item, &body).await;
        check(access, "list-parts", parts);
        let yes_no = |yes: bool| if yes { "yes" } else { "no" };
        learn(access, "checksum", checksum.map_or("none", word));
        learn(access, "if_none_match", yes_no(kept));
        if let Some(parts) = parts {
            learn(access, "list_parts", yes_no(parts));
        }
        let date = self.steady(|| Call::new("find", Method::HEAD, Some(key))).await.ok().and_then(|answer| answer.clock());
        Ok(date)
    }

    async fn steady_put(&self, item: &Outgoing, body: &Body) -> Result<gantry_model::RemoteRef, Problem> {
        let mut turn = 0;
        loop {
            turn += 1;
            match self.put_object(item, body.clone()).await {
                Err(problem) if turn < TURNS && is_corrected(&problem) => {}
                other => return other,
            }
        }
    }

    /// The object is there now: a second write under the same condition must be refused.
    async fn overwrite_refused(&self, item: &Outgoing, body: &Body) -> bool {
        if self.learned.if_none_match.known() == Some(false) {
            return false;
        }
        self.put_object(item, body.clone()).await.is_err_and(|problem| problem.code == Code::Clash)
    }

    /// A store that takes bytes with a wrong checksum does not check it, whatever it repeats.
    async fn wrong_sum_refused(&self, key: &Key, algorithm: Algorithm) -> bool {
        let wrong = match algorithm {
            Algorithm::Crc32c => Digest::Crc32c(!crc_fast::crc32_iscsi(TRIAL)),
            _ => Digest::Crc64nvme(!crc_fast::crc64_nvme(TRIAL)),
        };
        let (name, value) = checksum_header(&wrong);
        let call = Call::new("put", Method::PUT, Some(key)).header(name, value).body(Load::Content(Bytes::from_static(TRIAL)));
        self.call(call).await.is_ok_and(|answer| answer.status == 400)
    }

    /// `None`: it could not be tried.
    async fn parts_listed(&self, item: &Outgoing, body: &Body) -> Option<bool> {
        let mut free = item.clone();
        free.existing = Existing::Replace(None);
        let mut begun = self.begin_upload(&free, 5 << 20).await;
        if begun.as_ref().is_err_and(is_corrected) {
            begun = self.begin_upload(&free, 5 << 20).await;
        }
        let ticket = begun.ok()?;
        let sent = self.send_part(&ticket, PartNo(1), body.clone()).await;
        let there = self.list_parts(&ticket).await;
        let gone = self.abort_upload(&ticket).await;
        match (sent, there, gone) {
            (Ok(_), Ok(PartsThere::Parts(parts)), Ok(())) => Some(parts.len() == 1),
            (Ok(_), Ok(PartsThere::Unsaid | PartsThere::Gone), _) => Some(false),
            _ => None,
        }
    }

    /// Removes our own object, and where the bucket keeps versions, those too as far as the rights go.
    async fn remove(&self, key: &Key) -> Result<(), Problem> {
        while let Some(version) = self.find_object(key).await.ok().flatten().and_then(|there| there.version) {
            let query = [("versionId", version.as_str())];
            if !self.call(Call::new("remove", Method::DELETE, Some(key)).query(&query)).await?.is_success() {
                break;
            }
        }
        let answer = self.call(Call::new("remove", Method::DELETE, Some(key))).await?;
        if answer.is_success() || answer.status == 404 { Ok(()) } else { Err(self.problem(&answer)) }
    }

    /// The request again, as long as its answer taught something.
    async fn steady<'a>(&self, make: impl Fn() -> Call<'a> + Send + Sync) -> Result<Answer, Problem> {
        let mut turn = 0;
        loop {
            turn += 1;
            let answer = self.call(make()).await?;
            if answer.is_success() {
                return Ok(answer);
            }
            let problem = self.problem(&answer);
            if turn >= TURNS || !is_corrected(&problem) {
                return Err(problem);
            }
        }
    }
}

/// The answer taught something: the same request will be another one.
fn is_corrected(problem: &Problem) -> bool {
    problem.reaction == Reaction::Retry
        && (matches!(problem.code, Code::WrongRegion | Code::ClockOff | Code::TokenExpired)
            || (problem.code == Code::ServerError && problem.fact("store_code").is_some_and(|code| code != "InternalError")))
}

fn outgoing(key: &Key) -> Outgoing {
    Outgoing {
        key: key.clone(),
        size: TRIAL.len() as u64,
        content_type: "text/plain".into(),
        mtime_ns: 0,
        existing: Existing::Refuse,
    }
}

fn word(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Crc32c => "crc32c",
        _ => "crc64nvme",
    }
}

fn check(access: &mut Access, word: &str, passed: Option<bool>) {
    access.checks.push((word.to_owned(), passed));
}

fn learn(access: &mut Access, name: &str, value: &str) {
    access.learned.push((name.to_owned(), value.to_owned()));
}
