//! What an update does to partitions and files, so that it can be recorded and replayed.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};
use nix::sys::statvfs::statvfs;

/// The few operations of which an update consists. What was not flushed may be lost or be there in
/// any order after a power cut.
pub trait Disk {
    /// Bytes that fit into a partition.
    ///
    /// # Errors
    /// When it isn't there.
    fn capacity(&self, partition: &Path) -> io::Result<u64>;
    /// Bytes that fit into a folder besides what is there.
    ///
    /// # Errors
    /// When it isn't there.
    fn room(&self, folder: &Path) -> io::Result<u64>;
    /// Writes into a partition or file that is there.
    ///
    /// # Errors
    /// As the system says.
    fn write_at(&mut self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Flushes what was written into it.
    ///
    /// # Errors
    /// As the system says; nothing of it can be relied on then.
    fn sync(&mut self, path: &Path) -> io::Result<()>;
    /// Reads `size` bytes from the beginning, as the device has them.
    ///
    /// # Errors
    /// As the system says, and when there are fewer.
    fn read_back(&self, path: &Path, size: u64, take: &mut dyn FnMut(&[u8])) -> io::Result<()>;
    /// Makes an empty file; one of that name is gone.
    ///
    /// # Errors
    /// As the system says.
    fn create(&mut self, path: &Path) -> io::Result<()>;
    /// Gives a file another name in the same folder; one of that name is gone.
    ///
    /// # Errors
    /// As the system says.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file; it is no error when it isn't there.
    ///
    /// # Errors
    /// As the system says.
    fn remove(&mut self, path: &Path) -> io::Result<()>;
    /// Flushes which names there are in a folder.
    ///
    /// # Errors
    /// As the system says.
    fn sync_folder(&mut self, folder: &Path) -> io::Result<()>;
    /// The names in a folder, sorted; none where it isn't there.
    ///
    /// # Errors
    /// As the system says.
    fn names(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// A small file.
    ///
    /// # Errors
    /// As the system says.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Puts a small file in place of one that may be there: it is whole before it has its name.
    ///
    /// # Errors
    /// As the system says.
    fn replace(&mut self, path: &Path, content: &[u8]) -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("/"));
        let scratch = scratch_of(path);
        self.create(&scratch)?;
        self.write_at(&scratch, 0, content)?;
        self.sync(&scratch)?;
        self.sync_folder(folder)?;
        self.rename(&scratch, path)?;
        self.sync_folder(folder)
    }
}

/// Not a name that a boot loader takes for one of its files.
fn scratch_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}

/// The machine's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn capacity(&self, partition: &Path) -> io::Result<u64> {
        File::open(partition)?.seek(SeekFrom::End(0))
    }

    fn room(&self, folder: &Path) -> io::Result<u64> {
        let system = statvfs(folder)?;
        Ok(system.blocks_available() as u64 * system.fragment_size() as u64)
    }

    fn write_at(&mut self, path: &Path, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let file = OpenOptions::new().write(true).open(path)?;
        file.write_all_at(bytes, offset)
    }

    fn sync(&mut self, path: &Path) -> io::Result<()> {
        OpenOptions::new().write(true).open(path)?.sync_all()
    }

    fn read_back(&self, path: &Path, size: u64, take: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let mut file = File::open(path)?;
        // Else memory is compared with what came from it. Pages that are flushed can be let go.
        posix_fadvise(&file, 0, 0, PosixFadviseAdvice::POSIX_FADV_DONTNEED)?;
        let mut piece = vec![0; 1 << 18];
        let mut left = size;
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
            file.read_exact(&mut piece[..most])?;
            take(&piece[..most]);
            left -= most as u64;
        }
        Ok(())
    }

    fn create(&mut self, path: &Path) -> io::Result<()> {
        File::create(path).map(drop)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        let entries = match std::fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut names = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<String>>>()?;
        names.sort();
        Ok(names)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }
}
