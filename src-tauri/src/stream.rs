//! What the engine shows, as one ordered stream to the page: at once, then at most ten times a second, and only what changed.
//! While nothing moves the thread sleeps, and wakes for nothing.

use crate::shell::Shell;
use crate::wire::Picture;
use gantry_engine::Engine;
use gantry_model::view::Phase;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tauri::ipc::Channel;

/// The shortest time between two messages.
const BETWEEN: Duration = Duration::from_millis(100);
/// Speed and time change by themselves while bytes move: looked at so often.
const MOVING: Duration = Duration::from_millis(500);
/// Nothing moves: only a change wakes. The end is for a page that has gone.
const RESTING: Duration = Duration::from_secs(600);

/// Sends pictures until the page is gone or another stream begins.
pub(crate) fn begin(shell: Shell, number: u64, page: Channel<Vec<Picture>>) {
    std::thread::spawn(move || {
        let Some(engine) = shell.waking().engine_some_day(|| shell.is_heard(number)) else { return };
        run(&engine, &shell, number, &page);
    });
}

fn run(engine: &Engine, shell: &Shell, number: u64, page: &Channel<Vec<Picture>>) {
    let (mut known, mut first) = (Known::default(), true);
    while shell.is_heard(number) {
        // The revision is read before the pictures: what changes in between is seen at the next turn.
        let seen = engine.wait(u64::MAX, Duration::ZERO);
        let began = Instant::now();
        let pictures = engine.pictures();
        let moving = pictures.iter().any(moves);
        let news = known.news(pictures);
        if (first || !news.is_empty()) && page.send(news).is_err() {
            return;
        }
        first = false;
        engine.wait(seen, if moving { MOVING } else { RESTING });
        std::thread::sleep(BETWEEN.saturating_sub(began.elapsed()));
    }
}

fn moves(picture: &Picture) -> bool {
    matches!(picture.phase, Phase::Reading | Phase::Planning | Phase::Sending)
}

/// The pictures that the page has.
#[derive(Default)]
struct Known(HashMap<String, Picture>);

impl Known {
    /// Those that the page does not have like this yet.
    fn news(&mut self, pictures: Vec<Picture>) -> Vec<Picture> {
        let mut news = Vec::new();
        for picture in pictures {
            if self.0.get(&picture.upload) != Some(&picture) {
                self.0.insert(picture.upload.clone(), picture.clone());
                news.push(picture);
            }
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_hears_each_change_once_and_nothing_twice() {
        let one = |upload: &str, looked| Picture { upload: upload.into(), looked, ..Picture::default() };
        let mut known = Known::default();
        assert_eq!(known.news(vec![one("a", 1), one("b", 1)]), [one("a", 1), one("b", 1)]);
        assert_eq!(known.news(vec![one("a", 1), one("b", 2)]), [one("b", 2)]);
        assert_eq!(known.news(vec![one("a", 1), one("b", 2)]), []);
    }
}
