//! Folders to send: ordinary ones, hostile ones, many files, large files. All in temporary places that end with their tree.

use crate::digests::noise;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder that is there as long as this value.
#[derive(Debug)]
pub struct Tree {
    dir: TempDir,
}

impl Tree {
    /// An empty one.
    pub fn empty() -> Self {
        Self { dir: TempDir::new().expect("a temporary folder can be made") }
    }

    /// An empty one below a folder that is not the system's temporary one, which may be memory.
    pub fn below(folder: &Path) -> Self {
        Self { dir: TempDir::new_in(folder).expect("a temporary folder can be made there") }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Adds a file with its folders; gives its path.
    pub fn file(&self, relative: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(relative);
        write(&path, bytes).expect("a file can be written");
        path
    }

    /// Adds a file of this size that takes no room on the disk; its bytes are zero but for a mark every 64 MiB.
    pub fn sparse(&self, relative: &str, size: u64) -> PathBuf {
        let path = self.file(relative, b"");
        let write = || -> io::Result<()> {
            use std::io::Seek as _;
            let mut file = File::options().write(true).open(&path)?;
            file.set_len(size)?;
            for at in (0..size.saturating_sub(8)).step_by(64 << 20) {
                file.seek(io::SeekFrom::Start(at))?;
                file.write_all(&at.to_be_bytes())?;
            }
            Ok(())
        };
        write().expect("a sparse file can be written");
        path
    }

    /// A small JPEG, really one, with the colour depending on the seed.
    pub fn photo(&self, relative: &str, seed: u8) -> PathBuf {
        let picture = image::RgbImage::from_fn(48, 32, |x, y| image::Rgb([seed, (x * 5) as u8, (y * 7) as u8]));
        let mut bytes = io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("a picture can be encoded");
        self.file(relative, bytes.get_ref())
    }

    /// Regular files in it, folders walked, links not followed.
    pub fn files(&self) -> Vec<PathBuf> {
        let entries = walkdir::WalkDir::new(self.path()).sort_by_file_name().into_iter().filter_map(Result::ok);
        entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
    }
}

/// Photos as people have them: folders, spaces, umlauts, other scripts, an emoji. Twelve pictures and a text.
pub fn photos() -> Tree {
    let tree = Tree::empty();
    let names = [
        "IMG_0001.JPG",
        "IMG_0002.JPG",
        "Summer 2024/Beach at dusk.jpg",
        "Summer 2024/Caf\u{e9} cr\u{e8}me.jpg",
        "Summer 2024/IMG_0001.JPG",
        "\u{dc}bung/gr\u{fc}n & blau.jpg",
        "\u{dc}bung/100 % + #1?.jpg",
        "\u{65e5}\u{672c}/\u{5bcc}\u{58eb}\u{5c71}.jpg",
        "\u{65e5}\u{672c}/\u{1f5fb} view.jpg",
        "deep/er/and/deep/er/still.jpg",
        "deep/er/a'b\"c.jpg",
        "deep/\u{645}\u{631}\u{62d}\u{628}\u{627}.jpg",
    ];
    for (seed, name) in names.iter().enumerate() {
        tree.photo(name, u8::try_from(seed * 20).unwrap_or(u8::MAX));
    }
    tree.file("notes.txt", "two lines\nof text\n".as_bytes());
    tree
}

/// Names that differ in case or in normalisation only. On systems that fold them there are fewer files than names.
pub fn twins() -> Tree {
    let tree = Tree::empty();
    tree.file("caf\u{e9}.txt", b"composed");
    tree.file("cafe\u{301}.txt", b"decomposed");
    tree.file("README.txt", b"upper");
    tree.file("readme.txt", b"lower");
    tree.file("alone.txt", b"no twin");
    tree
}

/// Names and kinds of files that programs trip over; each one is legal on this system.
pub fn hostile() -> Tree {
    let tree = Tree::empty();
    for name in [
        "line\nbreak.txt",
        "tab\there.txt",
        "right\u{202e}txt.exe",
        "<img src=x onerror=alert(1)>.txt",
        "=HYPERLINK(\"x\").csv",
        "+1.csv",
        "-rf",
        "--help",
        "@sum.csv",
        " leading and trailing ",
        "back\\slash.txt",
        "quote'\".txt",
        "semi;colon&and|pipe$(touch x)`y`.txt",
        "percent%41%2F%00.txt",
        "plus+space .txt",
        "zero\u{200b}width.txt",
        "con",
        "aux.txt",
        "trailing.",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}.txt",
    ] {
        tree.file(name, name.as_bytes());
    }
    tree.file(&"n".repeat(255), b"longest component");
    tree.file("empty.bin", b"");
    for hidden in [".DS_Store", "Thumbs.db", "desktop.ini", "._IMG_0001.JPG", ".git/config"] {
        tree.file(hidden, b"hidden");
    }
    odd_kinds(&tree);
    tree
}

#[cfg(unix)]
fn odd_kinds(tree: &Tree) {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;
    let raw = tree.path().join(std::ffi::OsStr::from_bytes(b"not-utf8-\xff\xfe.txt"));
    // Some file systems refuse such names; the tree is good without one there.
    let _ = fs::write(raw, b"bytes");
    symlink("notes.txt", tree.path().join("dangling link")).expect("a link can be made");
    symlink(".", tree.path().join("loop")).expect("a link can be made");
    let socket = std::os::unix::net::UnixListener::bind(tree.path().join("socket"));
    drop(socket.expect("a socket can be made"));
}

#[cfg(not(unix))]
fn odd_kinds(_tree: &Tree) {}

/// Many files of one size in folders of a thousand, every one with other bytes. `size` 0 gives empty files.
pub fn many(count: usize, size: usize) -> Tree {
    fill(Tree::empty(), count, size)
}

/// The same below a folder of choice.
pub fn many_below(folder: &Path, count: usize, size: usize) -> Tree {
    fill(Tree::below(folder), count, size)
}

fn fill(tree: Tree, count: usize, size: usize) -> Tree {
    let mut bytes = noise(42, size);
    for folder in 0..count.div_ceil(1_000) {
        let path = tree.path().join(format!("folder-{folder:04}"));
        fs::create_dir(&path).expect("a folder can be made");
        for number in folder * 1_000..count.min((folder + 1) * 1_000) {
            let mark = (number as u64).to_le_bytes();
            let marked = size.min(mark.len());
            bytes[..marked].copy_from_slice(&mark[..marked]);
            fs::write(path.join(format!("file-{number:07}.bin")), &bytes).expect("a file can be written");
        }
    }
    tree
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}
