//! Runs behaviours one after the other against one store, so that a failing one does not hide the others.

use crate::conformance::site::Site;
use futures_util::future::BoxFuture;
use std::time::Duration;

/// Longer than this is a failure: a store that hangs does not keep its contract.
const LIMIT: Duration = Duration::from_secs(120);

/// One thing that every store does.
pub struct Behaviour {
    /// Its name: that of its function.
    pub name: &'static str,
    /// What is done and asserted.
    pub run: fn(Site) -> BoxFuture<'static, ()>,
    /// The stores that cannot do it, with the reason; one that begins with `sometimes` is a matter of luck there.
    pub except: &'static [(&'static str, &'static str)],
}

/// Makes a table of behaviours out of async functions, each with the stores that cannot do it and why.
macro_rules! behaviours {
    ($($name:ident $(except { $($store:literal: $why:literal),+ $(,)? })?;)*) => {
        /// The behaviours of this file.
        pub const ALL: &[$crate::conformance::behaviour::Behaviour] = &[$(
            $crate::conformance::behaviour::Behaviour {
                name: stringify!($name),
                run: |site| Box::pin($name(site)),
                except: &[$($(($store, $why)),+)?],
            },
        )*];
    };
}
pub(crate) use behaviours;

/// Every behaviour there is.
pub fn all() -> impl Iterator<Item = &'static Behaviour> {
    use crate::conformance::{listing, objects, parts, truth, writing};
    [objects::ALL, writing::ALL, listing::ALL, parts::ALL, truth::ALL].into_iter().flatten()
}

/// Runs the suite and panics with the names of all behaviours that failed.
pub async fn suite(site: Site) {
    let mut failed = Vec::new();
    let mut ran = 0;
    for behaviour in all() {
        if std::env::var("GANTRY_BEHAVIOUR").is_ok_and(|only| only != behaviour.name) {
            continue;
        }
        ran += 1;
        let told = one(&site, behaviour).await;
        let excused = behaviour.except.iter().find(|(store, _)| *store == site.name);
        match (told, excused) {
            (Err(why), None) => failed.push(format!("{}: {why}", behaviour.name)),
            (Ok(()), Some((_, why))) if !why.starts_with("sometimes") => {
                failed.push(format!("{} works now; take out the exception `{why}`", behaviour.name))
            }
            (Err(_), Some((_, why))) => println!("{}: {} is excused: {why}", site.name, behaviour.name),
            (Ok(()), _) => println!("{}: {} holds", site.name, behaviour.name),
        }
    }
    assert!(ran > 0, "no behaviour has the name that GANTRY_BEHAVIOUR asks for");
    assert!(failed.is_empty(), "{} of {ran} behaviours do not hold on {}:\n{}", failed.len(), site.name, failed.join("\n"));
}

async fn one(site: &Site, behaviour: &Behaviour) -> Result<(), String> {
    let task = tokio::spawn((behaviour.run)(site.at(behaviour.name)));
    match tokio::time::timeout(LIMIT, task).await {
        Err(_) => Err(format!("no end within {LIMIT:?}")),
        Ok(Ok(())) => Ok(()),
        Ok(Err(ended)) => {
            let what = ended.into_panic();
            let text = what.downcast_ref::<String>().cloned();
            Err(text.or_else(|| what.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_else(|| "it panicked".into()))
        }
    }
}
