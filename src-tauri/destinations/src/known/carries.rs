//! What each platform carries of what a person knows about a file, beside metadata.

use gantry_model::Carries;

/// Types of attachments, as in Labelbox's SDK: <https://docs.labelbox.com/reference/attachments>.
pub(crate) const LABELBOX_ATTACHMENTS: &[&str] =
    &["AUDIO", "CAMERA_IMAGE", "HTML", "IMAGE", "IMAGE_OVERLAY", "PDF_URL", "RAW_TEXT", "TEXT_URL", "VIDEO"];
/// <https://docs.imerit.net/sdk/sdk-documentation/project-level-sdk-functions/upload-files-cloud>
pub(crate) const ANGO_ATTACHMENTS: &[&str] = &["HTML", "IMAGE", "TEXT", "VIDEO"];

/// What this kind of platform carries; `None` for a kind that takes no rows.
pub fn carries(kind: &str) -> Option<Carries> {
    match kind {
        // Samples have metadata and a priority; splits, tags and attachments are no fields of theirs:
        // <https://sdkdocs.segments.ai/en/latest/client.html#create-a-sample>
        "segments" => Some(Carries {
            split: "split",
            tags: "tags",
            own_fields: false,
            attachments: &[],
            priority: Some((i32::MIN, i32::MAX)),
        }),
        // `split` and `tag` are reserved fields of the metadata: <https://docs.labelbox.com/docs/datarow-metadata>
        "labelbox" => {
            Some(Carries { split: "split", tags: "tag", own_fields: true, attachments: LABELBOX_ATTACHMENTS, priority: None })
        }
        // What is known is shown to annotators as `contextData`; priorities go from -1000 to 1000.
        "ango" => Some(Carries {
            split: "split",
            tags: "tags",
            own_fields: false,
            attachments: ANGO_ATTACHMENTS,
            priority: Some((-1000, 1000)),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_platform_says_what_it_carries_and_no_store_does() {
        for kind in crate::kinds() {
            assert_eq!(carries(kind.id).is_some(), kind.platform, "{}", kind.id);
        }
    }
}
