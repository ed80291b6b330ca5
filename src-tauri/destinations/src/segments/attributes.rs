//! The `attributes` of a sample: its files in the shape that the dataset's task wants. The platform tells types by shape.
//! What cannot be said truly (the kind of a `.bin`) is asked for, never guessed.

use crate::own;
use gantry_model::words::say;
use gantry_model::{Code, Format, MediaKind, Problem, Role, Row, RowObject, Shape};
use serde_json::{Value, json};

/// The name in a row's metadata by which a person says what kind of point cloud it is.
pub(super) const PCD_TYPE: &str = "pcd_type";
/// The kinds of point clouds that Segments.ai reads: <https://docs.segments.ai/reference/sample-types>.
const PCD_TYPES: &[&str] = &["pcd", "binary-xyzi", "kitti", "binary-xyzir", "nuscenes", "ply", "las", "splat"];

/// The attributes of this row.
///
/// # Errors
/// `row_refused` with words, when the files do not make a sample of its shape.
pub(super) fn of(row: &Row) -> Result<Value, Problem> {
    if let Some(own) = &row.own {
        let told = own::fields(own).into_iter().find(|(name, _)| name == "attributes");
        return told.and_then(|(_, text)| serde_json::from_str(text).ok()).ok_or_else(|| refused("no-subject"));
    }
    match row.shape {
        Shape::Single => match subjects(row).first() {
            Some(one) if is_cloud(one, row) => scene(row, &row.objects),
            Some(one) => Ok(json!({"image": {"url": one.url}})),
            None => Err(refused("no-subject")),
        },
        Shape::Sequence => Ok(json!({"frames": frames(&subjects(row))?})),
        Shape::Scene => scene(row, &row.objects),
        Shape::SceneSequence => Ok(json!({"frames": scenes(row, &row.objects)?})),
        Shape::MultiSensor => sensors(row),
    }
}

/// All addresses in attributes, in an order that does not depend on who wrote them.
pub(super) fn addresses(attributes: &Value) -> Vec<&str> {
    match attributes {
        Value::Array(all) => all.iter().flat_map(addresses).collect(),
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| name.as_str());
            let of = |(name, one): (&'_ String, &'_ Value)| name == "url" && one.is_string();
            fields
                .into_iter()
                .flat_map(|(name, one)| if of((name, one)) { one.as_str().into_iter().collect() } else { addresses(one) })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The address of what is labelled first; empty where there is none.
pub(super) fn first(attributes: &Value) -> &str {
    let places = ["/image/url", "/pcd/url"];
    if let Some(url) = places.iter().find_map(|at| attributes.pointer(at)).and_then(Value::as_str) {
        return url;
    }
    let deeper = attributes.pointer("/frames/0").or_else(|| attributes.pointer("/sensors/0/attributes"));
    deeper.map(first).unwrap_or_default()
}

fn refused(why: &str) -> Problem {
    Problem::new(Code::RowRefused, "register").with("said", say(&format!("segments-{why}"), &[]))
}

fn subjects(row: &Row) -> Vec<&RowObject> {
    row.objects.iter().filter(|one| one.role == Role::Subject).collect()
}

fn is_cloud(object: &RowObject, row: &Row) -> bool {
    object.format.kind() == MediaKind::PointCloud || (object.format == Format::Unknown && told_type(row).is_some())
}

fn told_type(row: &Row) -> Option<&str> {
    row.metadata.iter().find(|(name, _)| name == PCD_TYPE).map(|(_, value)| value.as_str())
}

fn frames(pictures: &[&RowObject]) -> Result<Vec<Value>, Problem> {
    if pictures.is_empty() {
        return Err(refused("no-subject"));
    }
    Ok(pictures.iter().map(|one| json!({"image": {"url": one.url}, "name": one.name})).collect())
}

/// A point cloud with the pictures of its cameras.
fn scene<'a>(row: &Row, objects: impl IntoIterator<Item = &'a RowObject>) -> Result<Value, Problem> {
    let objects: Vec<&RowObject> = objects.into_iter().collect();
    let cloud = objects.iter().find(|one| one.role == Role::Subject).ok_or_else(|| refused("no-subject"))?;
    let mut scene = json!({"pcd": {"url": cloud.url, "type": cloud_type(cloud, row)?}});
    let cameras = objects.iter().filter(|one| one.role == Role::Camera);
    let images: Vec<Value> = cameras
        .enumerate()
        .map(|(at, one)| {
            let name = if one.sensor.is_empty() { &one.name } else { &one.sensor };
            json!({"url": one.url, "row": 0, "col": at, "name": name})
        })
        .collect();
    if !images.is_empty() {
        scene["images"] = images.into();
    }
    Ok(scene)
}

/// A scene for each point cloud, with the cameras that come after it; those before the first one are its, too.
fn scenes<'a>(row: &Row, objects: impl IntoIterator<Item = &'a RowObject>) -> Result<Vec<Value>, Problem> {
    let mut groups: Vec<Vec<&RowObject>> = Vec::new();
    for object in objects {
        let begins =
            object.role == Role::Subject && groups.last().is_none_or(|group| group.iter().any(|one| one.role == Role::Subject));
        match groups.last_mut() {
            Some(group) if !begins => group.push(object),
            _ => groups.push(vec![object]),
        }
    }
    if groups.is_empty() {
        return Err(refused("no-subject"));
    }
    groups
        .into_iter()
        .map(|group| {
            let mut frame = scene(row, group.iter().copied())?;
            if let Some(cloud) = group.iter().find(|one| one.role == Role::Subject) {
                frame["name"] = cloud.name.clone().into();
            }
            Ok(frame)
        })
        .collect()
}

/// The frames of each sensor, in the order in which the sensors are first met.
fn sensors(row: &Row) -> Result<Value, Problem> {
    let mut groups: Vec<(&str, Vec<&RowObject>)> = Vec::new();
    for object in row.objects.iter().filter(|one| one.role != Role::Attachment) {
        match groups.iter_mut().find(|(sensor, _)| *sensor == object.sensor) {
            Some((_, group)) => group.push(object),
            None => groups.push((&object.sensor, vec![object])),
        }
    }
    let each = groups.into_iter().map(|(sensor, group)| {
        if sensor.is_empty() {
            return Err(refused("no-sensor"));
        }
        let (task, frames) = match group.iter().find(|one| is_cloud(one, row)) {
            Some(_) => ("pointcloud-cuboid-sequence", scenes(row, group)?),
            // Of a sensor that is a camera its pictures are the subject.
            None => ("image-vector-sequence", frames(&group)?),
        };
        Ok(json!({"name": sensor, "task_type": task, "attributes": {"frames": frames}}))
    });
    let all: Vec<Value> = each.collect::<Result<_, Problem>>()?;
    if all.is_empty() { Err(refused("no-subject")) } else { Ok(json!({"sensors": all})) }
}

/// The word for a point cloud. Raw binary ones look all the same: there the person says it.
fn cloud_type<'a>(cloud: &RowObject, row: &'a Row) -> Result<&'a str, Problem> {
    match (told_type(row), cloud.format) {
        (Some(told), _) if PCD_TYPES.contains(&told) => Ok(told),
        (Some(_), _) => Err(refused("pcd-type-unknown")),
        (None, Format::Pcd) => Ok("pcd"),
        (None, Format::Ply) => Ok("ply"),
        (None, Format::Las) => Ok("las"),
        (None, _) => Err(refused("pcd-type")),
    }
}
