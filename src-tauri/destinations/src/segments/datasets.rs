//! Datasets: whose they are, what they take, and making one. A name is unique under its owner.

use super::{PUBLIC, Segments, is_taken, paged};
use crate::api::{Ask, Load, encode, text};
use gantry_model::{Class, Code, Container, MediaKind, NewContainer, Platform, Problem, Shape};
use serde_json::{Value, json};
use std::collections::HashSet;

/// What a new dataset is for where nothing is said.
const USUAL: &str = "segmentation-bitmap";

/// The path of a dataset, from `owner/name`.
pub(super) fn path(id: &str) -> Result<String, Problem> {
    match id.split_once('/') {
        Some((owner, name))
            if !owner.is_empty() && !name.is_empty() && ![owner, name].iter().any(|one| matches!(*one, "." | "..")) =>
        {
            Ok(format!("/datasets/{}/{}/", encode(owner), encode(name)))
        }
        _ => Err(Problem::new(Code::NoSuchContainer, "container").with("container", id)),
    }
}

impl Segments {
    /// One's own datasets and those that are shared, then those of each organisation.
    pub(super) async fn all_datasets(&self) -> Result<Vec<Container>, Problem> {
        let who = self.who().await?;
        let organisations = who.owners.iter().skip(1).map(|one| format!("/users/{}/datasets/", encode(one)));
        let (mut all, mut seen) = (Vec::new(), HashSet::new());
        for path in std::iter::once("/user/datasets/".to_owned()).chain(organisations) {
            for number in 1.. {
                let Some(page) = self.page(paged("containers", path.as_str(), number)).await? else { break };
                let before = all.len();
                all.extend(page.iter().filter_map(|one| self.as_container(one)).filter(|one| seen.insert(one.id.clone())));
                if all.len() == before {
                    break;
                }
            }
        }
        Ok(all)
    }

    pub(super) async fn dataset(&self, id: &str) -> Result<Container, Problem> {
        let told = self.api.told(Ask::get("container", path(id)?).of(id)).await?;
        self.as_container(&told.value).ok_or_else(|| told.missing("/name"))
    }

    /// Makes one, or gives the one of this name and type that is there.
    pub(super) async fn create_dataset(&self, new: &NewContainer) -> Result<Container, Problem> {
        let person = self.who().await?.name;
        let owner = if new.owner.is_empty() { person.as_str() } else { new.owner.as_str() };
        let path = match owner == person {
            true => "/user/datasets/".to_owned(),
            false => format!("/organizations/{}/datasets/", encode(owner)),
        };
        let kind = if new.kind.is_empty() { USUAL } else { new.kind.as_str() };
        let id = format!("{owner}/{}", new.name);
        match self.api.told(Ask::post("create", path, Load::json(&body(&new.name, kind))?)).await {
            Ok(told) => self.as_container(&told.value).ok_or_else(|| told.missing("/name")),
            Err(problem) if is_taken(&problem) => {
                let there = self.dataset(&id).await?;
                let fits = there.kind == kind || there.kind.is_empty();
                if fits { Ok(there) } else { Err(Problem::new(Code::Clash, "create").with("container", id)) }
            }
            // It may have been made all the same.
            Err(problem) if matches!(problem.code.class(), Class::Unknown | Class::Network) && problem.code != Code::Offline => {
                self.dataset(&id).await.map_err(|_| problem)
            }
            Err(problem) => Err(problem),
        }
    }

    /// A dataset as the platform tells it; `None` without its two names.
    fn as_container(&self, told: &Value) -> Option<Container> {
        let name = text(told, "name");
        let (by_full_name, _) = text(told, "full_name").split_once('/').unwrap_or_default();
        let owner = Some(text(&told["owner"], "username")).filter(|owner| !owner.is_empty()).unwrap_or(by_full_name);
        if name.is_empty() || owner.is_empty() {
            return None;
        }
        let kind = text(told, "task_type");
        let (takes, shape) = taken(kind);
        // Where the API is not the public one, nobody says where its pages are.
        let public = self.api.base().as_str() == PUBLIC;
        let link = if public { format!("https://segments.ai/{}/{}/", encode(owner), encode(name)) } else { String::new() };
        Some(Container {
            id: format!("{owner}/{name}"),
            name: name.to_owned(),
            owner: owner.to_owned(),
            kind: kind.to_owned(),
            takes,
            shape,
            rows: told["samples_count"].as_u64(),
            link,
            batches: Vec::new(),
        })
    }
}

/// What a dataset of this task type takes, and how files stand together in its samples.
fn taken(kind: &str) -> (Vec<MediaKind>, Shape) {
    let frames = kind.ends_with("-sequence");
    match kind {
        "" => (Vec::new(), Shape::Single),
        "multisensor-sequence" => (vec![MediaKind::PointCloud, MediaKind::Image], Shape::MultiSensor),
        _ if kind.starts_with("pointcloud") => {
            let shape = if frames { Shape::SceneSequence } else { Shape::Scene };
            // Pictures come along as those of the cameras.
            (vec![MediaKind::PointCloud, MediaKind::Image], shape)
        }
        "segmentation-bitmap" | "segmentation-bitmap-highres" | "bboxes" | "vector" | "keypoints" => {
            (vec![MediaKind::Image], Shape::Single)
        }
        _ if kind.starts_with("image-") => (vec![MediaKind::Image], if frames { Shape::Sequence } else { Shape::Single }),
        _ => (Vec::new(), Shape::Single),
    }
}

/// A new dataset, with every field that the SDK sends and its defaults.
fn body(name: &str, kind: &str) -> Value {
    json!({
        "name": name, "description": "", "task_type": kind,
        "task_attributes": {"format_version": "0.1", "categories": [{"name": "object", "id": 1}]},
        "category": "other", "public": false, "readme": "", "labeling_inactivity_timeout_seconds": 300,
        "enable_skip_labeling": true, "enable_skip_reviewing": false, "enable_ratings": false, "enable_interpolation": true,
        "enable_same_dimensions_track_constraint": false, "enable_save_button": false, "enable_label_status_verified": false,
        "enable_3d_cuboid_rotation": false, "enable_3d_region_of_interest": false, "enable_confirm_on_submit": false,
        "archived": false, "data_type": "IMAGE"
    })
}
