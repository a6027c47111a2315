//! Files that only the daemon may read, written whole or not at all.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, fchown, lchown};
use std::path::Path;

use nix::fcntl::OFlag;

/// Makes a folder that only its owner may enter; one that is there stays as it is.
pub fn create_private_dir(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    if let Some((user, group)) = other_owner(path, &path.symlink_metadata()?)? {
        lchown(path, Some(user), Some(group))?;
    }
    Ok(())
}

/// An empty file that only its owner may read, never behind a link: root may be writing in the
/// service's folder.
pub fn create_private(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .custom_flags(OFlag::O_NOFOLLOW.bits())
        .open(path)?;
    if let Some((user, group)) = other_owner(path, &file.metadata()?)? {
        fchown(&file, Some(user), Some(group))?;
    }
    Ok(file)
}

/// Whose it has to become: what root makes in the service's folder is the service's, which must be
/// able to read it.
fn other_owner(path: &Path, own: &Metadata) -> io::Result<Option<(u32, u32)>> {
    let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    else {
        return Ok(None);
    };
    let owner = folder.metadata()?;
    let differs = own.uid() == 0 && owner.uid() != 0;
    Ok(differs.then(|| (owner.uid(), owner.gid())))
}

/// Replaces a file: after a power cut the old content is there or the new, never a part.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        create_private_dir(folder)?;
    }
    let scratch = path.with_extension("new");
    let mut file = create_private(&scratch)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&scratch, path)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::fs::{chown, symlink};

    use super::*;

    #[test]
    fn nothing_is_written_behind_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let secret = dir.path().join("secret");
        std::fs::write(&secret, "kept").unwrap();
        symlink(&secret, dir.path().join("file.new")).unwrap();
        write_private(&dir.path().join("file"), b"other").unwrap_err();
        assert_eq!(std::fs::read_to_string(&secret).unwrap(), "kept");
    }

    #[test]
    fn a_file_belongs_to_whoever_owns_its_folder() {
        let dir = tempfile::tempdir().unwrap();
        // Only root may give the folder away; the others own it and what they make in it.
        let _ = chown(dir.path(), Some(65_534), Some(65_534));
        let folder = dir.path().metadata().unwrap();
        let path = dir.path().join("state").join("file");
        write_private(&path, b"secret").unwrap();
        for made in [path.as_path(), path.parent().unwrap()] {
            assert_eq!(made.metadata().unwrap().uid(), folder.uid(), "{made:?}");
        }
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
    }
}
