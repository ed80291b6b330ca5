//! The only public door of this computer: what is given, wished and asked goes through here.
//! Every method may block; callers use threads of their own. What people see comes from the board and the journal.

mod ahead;
mod begun;
mod benches;
mod board;
mod columns;
mod command;
mod committing;
mod comparing_rows;
mod connections;
mod copying;
mod delivering;
mod discarding;
mod from_folder;
mod knowing;
mod making;
mod minding_tables;
mod objects;
mod office;
mod planning;
mod platforms;
mod reading;
mod reading_tables;
mod registering;
mod rows;
mod running;
mod said_before;
mod showing;
mod starting;
mod submitting;
mod tables;
mod translating;
mod views;
mod weighing;

use crate::copies::Copies;
use crate::home::{Home, Lock};
use crate::intake;
use crate::journal::{Journal, NewUpload, UploadId};
use crate::keychain::Keychain;
use crate::queue::desk::Desk;
use crate::receipts::Running;
use crate::thumbs::Thumbs;
use begun::{endpoint, place_key, title};
use board::Board;
use gantry_model::manifest::{Dialect, Objects};
use gantry_model::view::{Difference, Phase, Picture, Plan, Settings};
use gantry_model::{Carries, Code, Connection, Incoming, Key, Kind, Platform, Problem, Rule, Secrets, Store, Target};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use making::{MadeRows, Making};
pub use reading::folder_apart;
pub use starting::CannotStart;

/// Opens the store of a connection with its secrets; the target matters to a platform's own upload storage.
pub type OpenStore = Arc<dyn Fn(&Connection, &Secrets, &Target) -> Result<Arc<dyn Store>, Problem> + Send + Sync>;
/// Opens the platform of a connection with its secrets.
pub type OpenPlatform = Arc<dyn Fn(&Connection, &Secrets) -> Result<Arc<dyn Platform>, Problem> + Send + Sync>;

/// Opens eyes for objects: see [`Joint::objects`].
pub type OpenObjects = fn(&[(Connection, Secrets)], bool, Duration) -> Result<Arc<dyn Objects>, Problem>;

/// What the destinations room offers, as values: shell and console join the two rooms with this.
#[derive(Clone)]
pub struct Joint {
    /// The kinds of connections and their forms.
    pub kinds: fn() -> &'static [Kind],
    /// The published rules of a kind.
    pub rules: fn(&str) -> &'static [Rule],
    /// Says in words what is wrong with a connection's fields.
    pub validate: fn(&Connection) -> Result<(), Problem>,
    /// The place for people: `s3://bucket/prefix`, a folder's path.
    pub place: fn(&Connection) -> String,
    /// An object's address for people and receipts, without any signature.
    pub url: fn(&Connection, &Key) -> String,
    /// The published rules of a kind of platform: in its own upload storage (`true`), or read by address.
    pub row_rules: fn(&str, bool) -> &'static [Rule],
    /// The name of a row: kind of platform, bucket or container, key, relative path.
    pub row_key: fn(&str, &str, &str, &str) -> String,
    /// An object's address in the form that this kind of platform reads, without any signature.
    pub web_url: fn(&Connection, &Key, &str) -> Result<String, Problem>,
    /// What a kind of platform carries of what is known about files; `None` for a kind that takes no rows.
    pub carries: fn(&str) -> Option<Carries>,
    /// The platforms' ways of writing manifests.
    pub dialects: fn() -> [&'static dyn Dialect; 4],
    /// Who looks at objects by their addresses: with these connections, at private places too, with so much patience.
    pub objects: OpenObjects,
    /// Opens a store; called once for each courier thread.
    pub open: OpenStore,
    /// Opens a platform.
    pub open_platform: OpenPlatform,
}

/// The joint of a room that offers everything under the names of [`Joint`]'s fields. A macro, because the engine must not
/// know that room.
#[macro_export]
macro_rules! joint {
    ($room:ident) => {
        $crate::engine::Joint {
            kinds: $room::kinds,
            rules: $room::rules,
            validate: $room::validate,
            place: $room::place,
            url: $room::url,
            row_rules: $room::row_rules,
            row_key: $room::row_key,
            web_url: $room::web_url,
            carries: $room::carries,
            objects: $room::objects,
            dialects: $room::dialects,
            open: std::sync::Arc::new($room::open),
            open_platform: std::sync::Arc::new($room::open_platform),
        }
    };
}

impl fmt::Debug for Joint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Joint").finish_non_exhaustive()
    }
}

/// The engine. Cloning it gives another handle on the same.
#[derive(Clone, Debug)]
pub struct Engine(pub(crate) Arc<House>);

/// Everything behind the door.
#[derive(Debug)]
pub(crate) struct House {
    pub home: Home,
    pub journal: Journal,
    pub keychain: Arc<Keychain>,
    pub joint: Joint,
    pub board: Arc<Board>,
    pub thumbs: Thumbs,
    pub copies: Arc<Copies>,
    pub readings: Mutex<HashMap<String, Arc<AtomicBool>>>,
    /// Uploads for which copies are being made in the background; set to end that.
    pub makings: Mutex<HashMap<String, Arc<AtomicBool>>>,
    pub runs: Mutex<HashMap<String, Run>>,
    /// Uploads whose sources were walked in this run of the program.
    pub read_now: Mutex<HashSet<String>>,
    pub differences: Mutex<HashMap<String, Difference>>,
    /// What platforms said of the values that tables have.
    pub weighed: Mutex<HashMap<String, weighing::Weighed>>,
    pub sent: Mutex<HashMap<String, Arc<AtomicU64>>>,
    /// Listings asked for while an upload is read.
    pub asking: Mutex<HashMap<String, ahead::Asking>>,
    /// Manifests that are open.
    pub benches: Mutex<benches::Benches>,
    /// A manifest that is made from a folder.
    pub from_folder: Mutex<from_folder::FromFolder>,
    /// The program is about to end.
    pub quits: AtomicBool,
    /// Held while a run leaves and its end is written down: nobody decides about the upload in between.
    pub leaving: Mutex<()>,
    _lock: Option<Lock>,
}

/// An upload under way.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub desk: Arc<Desk>,
    /// Where the upload shall stand when nothing is in flight any more; `None` while it shall run on.
    pub end: Arc<Mutex<Option<Phase>>>,
    /// What its couriers share.
    pub kit: Arc<crate::queue::courier::Kit>,
    /// The clerk's inbox.
    pub office: Arc<office::Office>,
    /// The lines of its receipt while it runs.
    pub receipt: Arc<Mutex<Option<Running>>>,
}

impl Engine {
    /// Takes what a person gave. It is in the journal when this returns; reading goes on by itself.
    ///
    /// # Errors
    /// A path that does not exist, a source inside its destination, a connection that is not there.
    pub fn take(&self, mut incoming: Incoming, plan: Plan, approved: bool, at_once: u32, limit: u64) -> Result<String, Problem> {
        intake::check_patterns(&incoming)?;
        incoming.paths.iter_mut().chain(&mut incoming.tables).for_each(|path| *path = intake::absolute(path));
        incoming.tables.iter().try_for_each(|path| minding_tables::is_readable(path))?;
        for path in &incoming.paths {
            if std::fs::symlink_metadata(path).is_err() {
                let shown = gantry_model::show::path(path.as_os_str().as_encoded_bytes());
                return Err(Problem::new(Code::SourceGone, "take").with("path", shown));
            }
        }
        let connection = self.0.connection(&plan.connection)?;
        reading::refuse_inside(&connection, &incoming)?;
        if let Some(register) = &plan.register {
            self.0.check_register(&connection.name, register)?;
        }
        if approved && plan.manifest.is_none() {
            self.0.remember_destination(&plan)?;
        }
        let upload = self.0.journal.new_upload(NewUpload {
            title: title(&incoming),
            place: (self.0.joint.place)(&connection),
            kind: connection.kind.clone(),
            endpoint: endpoint(&connection),
            bucket: place_key(&connection, &plan),
            incoming,
            plan,
            approved,
            at_once,
            limit,
        })?;
        let stored = self.0.show(&upload)?;
        if approved {
            self.0.ask_ahead(&stored);
        }
        self.0.read(&upload)?;
        Ok(upload.0)
    }

    /// Changes what the review can change; everything is checked again without reading a file.
    ///
    /// # Errors
    /// The upload is not in review, the connection is not there, or the template makes no sense.
    pub fn plan(&self, upload: &str, plan: Plan) -> Result<(), Problem> {
        self.0.replan(&id(upload), plan)
    }

    /// The person has looked: freeze, look at what is there, send.
    ///
    /// # Errors
    /// The upload is not in review, or its connection cannot be opened.
    pub fn approve(&self, upload: &str) -> Result<(), Problem> {
        let upload = id(upload);
        let stored = self.0.stored(&upload)?;
        if stored.phase == Phase::Review {
            self.0.may_begin(&stored)?;
            self.0.journal.approve(&upload)?;
            self.0.remember_destination(&stored.begun.plan)?;
            self.0.start(&upload);
        }
        Ok(())
    }

    /// Finishes what is in flight and rests until [`Engine::go_on`].
    pub fn pause(&self, upload: &str) {
        self.0.end(&id(upload), Phase::Paused);
    }

    /// Finishes what is in flight and stops; resumable from the history.
    pub fn stop(&self, upload: &str) {
        if let Some(stop) = self.0.readings().get(upload) {
            stop.store(true, Ordering::Relaxed);
        }
        self.0.end(&id(upload), Phase::Stopped);
    }

    /// Goes on with a paused, stopped or interrupted upload.
    ///
    /// # Errors
    /// The upload is not there, or was cancelled.
    pub fn go_on(&self, upload: &str) -> Result<(), Problem> {
        let upload = id(upload);
        let stored = self.0.show(&upload)?;
        match stored.phase {
            Phase::Reading => self.0.read(&upload),
            Phase::Stopped | Phase::Paused if !stored.read_ended => self.0.read(&upload),
            Phase::Planning | Phase::Sending | Phase::Paused | Phase::Stopped => {
                self.0.start(&upload);
                Ok(())
            }
            Phase::Review | Phase::Finished | Phase::Cancelled => Ok(()),
        }
    }

    /// Throws parts away until the store says that they are gone, keeps finished objects, ends. Not resumable.
    ///
    /// # Errors
    /// The upload is not there.
    pub fn cancel(&self, upload: &str) -> Result<(), Problem> {
        if let Some(stop) = self.0.readings().get(upload) {
            stop.store(true, Ordering::Relaxed);
        }
        self.0.stop_making(&id(upload));
        self.0.cancel(&id(upload))
    }

    /// Drops a review without sending anything, and leaves no upload behind.
    ///
    /// # Errors
    /// The journal could not be written.
    pub fn forget(&self, upload: &str) -> Result<(), Problem> {
        self.cancel(upload)?;
        self.0.stop_reading(&id(upload));
        self.0.stop_making(&id(upload));
        self.0.journal.forget(&id(upload))?;
        self.0.board.forget(upload);
        Ok(())
    }

    /// Tries again what needs the person: all of it, one reason (`code`), or one file.
    ///
    /// # Errors
    /// The upload is not there, or the journal could not be written.
    pub fn retry(&self, upload: &str, code: Option<Code>, ord: Option<u64>) -> Result<u64, Problem> {
        self.0.retry(&id(upload), code, ord)
    }

    /// The person decided about files that met other content under their name, all of them or one: `replace` it, or send
    /// them under a `new-name`. They are tried again so.
    ///
    /// # Errors
    /// Another word, the upload is not there, or the journal could not be written.
    pub fn decide_clash(&self, upload: &str, how: &str, ord: Option<u64>) -> Result<u64, Problem> {
        let how = ["replace", "new-name"].into_iter().find(|word| *word == how);
        let how = how.ok_or_else(|| Problem::new(Code::BadField, "decide_clash"))?;
        self.0.journal.decide_clash(&id(upload), ord, how)?;
        self.0.retry(&id(upload), Some(Code::Clash), ord)
    }

    /// The person leaves these files.
    ///
    /// # Errors
    /// The upload is not there, or the journal could not be written.
    pub fn set_aside(&self, upload: &str, code: Option<Code>, ord: Option<u64>) -> Result<u64, Problem> {
        let upload = id(upload);
        let count = self.0.journal.set_aside(&upload, code, ord)?;
        self.0.after_change(&upload)?;
        // They stay left whether the store lets go of their parts now or another time.
        let _ = self.0.discard_aside(&upload);
        Ok(count)
    }

    /// Goes on with every approved unfinished upload, oldest first. Says which.
    ///
    /// # Errors
    /// The journal could not be read.
    pub fn resume_all(&self, paused_too: bool) -> Result<Vec<String>, Problem> {
        self.0.resume_all(paused_too)
    }

    /// Every upload of this run as it stands, at most ten times a second worth asking.
    pub fn pictures(&self) -> Vec<Picture> {
        self.0.board.pictures()
    }

    /// One upload as it stands.
    pub fn picture(&self, upload: &str) -> Option<Picture> {
        self.0.board.picture(upload)
    }

    /// A run of this upload is on, also while its files are still being prepared and its phase says nothing of it.
    pub fn is_on(&self, upload: &str) -> bool {
        self.0.runs().contains_key(upload)
    }

    /// Waits until something changed since revision `seen`, at most so long; gives the new revision.
    pub fn wait(&self, seen: u64, most: Duration) -> u64 {
        self.0.board.wait(seen, most)
    }

    /// Finishes parts in flight, at most `most`, and keeps everything for the next start.
    pub fn quit(&self, most: Duration) {
        self.0.quit(most);
    }

    /// What the person has set.
    pub fn settings(&self) -> Settings {
        self.0.settings()
    }

    /// Sets it, at once.
    ///
    /// # Errors
    /// The journal could not be written.
    pub fn set_settings(&self, settings: &Settings) -> Result<(), Problem> {
        self.0.set_settings(settings)
    }
}

impl House {
    pub fn readings(&self) -> MutexGuard<'_, HashMap<String, Arc<AtomicBool>>> {
        self.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn runs(&self) -> MutexGuard<'_, HashMap<String, Run>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn id(upload: &str) -> UploadId {
    UploadId(upload.to_owned())
}
