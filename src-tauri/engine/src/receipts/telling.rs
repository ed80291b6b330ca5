//! How a receipt tells of an upload: with which addresses, and whether it speaks of files or of rows of a manifest.
//! A row is there when its platform has answered for it, and not a moment earlier.

use super::Url;
use super::line::is_there;
use super::running::FINISHED;
use crate::journal::{StoredItem, StoredUpload};
use gantry_model::view::{Account, Phase};
use gantry_model::{Code, State, words};

/// The way to tell of one upload.
#[derive(Clone, Copy)]
pub(super) struct Telling<'a> {
    pub url: Url<'a>,
    /// Rows of a manifest are registered; no file was sent.
    pub rows: bool,
    /// What was there already has its answer too.
    answered: bool,
}

impl<'a> Telling<'a> {
    pub(super) fn of(upload: &StoredUpload, url: Url<'a>) -> Self {
        let rows = upload.begun.plan.manifest.is_some();
        Self { url, rows, answered: !rows || upload.phase == Phase::Finished }
    }

    /// Where an item stands. Rows begin as what is there already: before the end nobody has asked about each of them.
    pub(super) fn state(&self, item: &StoredItem) -> State {
        if item.state == State::Same && !self.answered { State::Waiting } else { item.state }
    }

    /// What was there already has its answer.
    pub(super) fn answered(&self) -> bool {
        self.answered
    }

    pub(super) fn is_there(&self, item: &StoredItem) -> bool {
        is_there(self.state(item))
    }

    /// It does not change any more: it has a line.
    pub(super) fn is_final(&self, state: State) -> bool {
        FINISHED.contains(&state) && (self.answered || state != State::Same)
    }

    /// The books, with the same eyes.
    pub(super) fn account(&self, upload: &StoredUpload) -> Account {
        let mut account = upload.books.account;
        if !self.answered {
            account.waiting += std::mem::take(&mut account.same);
        }
        account
    }

    /// A sentence of the words.
    pub(super) fn word(&self, id: &str) -> String {
        words::say_of(self.rows, id, &[])
    }

    pub(super) fn counted(&self, id: &str, count: u64) -> String {
        words::say_of(self.rows, id, &[("count", words::Value::Count(count))])
    }

    /// A code in words.
    pub(super) fn reason(&self, code: Code) -> String {
        self.word(&format!("problem-{}.title", code.word().replace('_', "-")))
    }

    /// A state in words.
    pub(super) fn state_word(&self, item: &StoredItem) -> String {
        self.word(&format!("state-{}", self.state(item).word().replace('_', "-")))
    }
}
