package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"entgo.io/ent/dialect"

	"continuum/internal/access"
	"continuum/internal/seal"
	"continuum/internal/store"
)

// sealKeys is the command that makes keys of sealed copies.
type sealKeys struct {
	Add string `type:"existingfile" placeholder:"FILE" help:"Add a fresh key to the keyset in this file. It seals from the next start of the server on; what the older keys sealed still opens."`
}

// Run prints a fresh keyset, or adds a key to one and prints nothing of it.
func (k sealKeys) Run(house House) error {
	if k.Add == "" {
		keys, err := seal.New()
		if err != nil {
			return err
		}
		text, err := keys.Marshal()
		if err != nil {
			return err
		}
		_, err = house.Out.Write(text)
		return err
	}
	keys, err := readSealKeys(k.Add)
	if err != nil {
		return err
	}
	if keys, err = keys.Rotate(); err != nil {
		return err
	}
	if err := replaceSealKeys(k.Add, keys); err != nil {
		return err
	}
	_, err = fmt.Fprintf(house.Out, "%s has a new key. Back it up, and start the server anew: it seals with it from then on.\n", k.Add)
	return err
}

// sealKeys are the keys of sealed copies, from the settings or, on SQLite, from a file
// beside the database that the first start makes. Nil where there are none.
func (s serve) sealKeys(ctx context.Context, c *commands, data *store.Store, house House) (*seal.Keys, error) {
	keys, file, err := c.knownSealKeys(s.SealKeysFile)
	if keys == nil && err == nil && data.Engine() == dialect.SQLite {
		return firstSealKeys(ctx, file, data, house)
	}
	return keys, err
}

// knownSealKeys are the keys of sealed copies where there are any, and the file that they
// stand in, or would: none where they come from the environment.
func (c *commands) knownSealKeys(file string) (keys *seal.Keys, from string, err error) {
	if file != "" {
		keys, err = readSealKeys(file)
		return keys, file, err
	}
	if text := os.Getenv("CONTINUUM_SEAL_KEYS"); text != "" {
		if keys, err = seal.Parse([]byte(text)); err != nil {
			return nil, "", fmt.Errorf("CONTINUUM_SEAL_KEYS: %w", err)
		}
		return keys, "", nil
	}
	database, err := c.sqliteFile()
	if err != nil || database == "" {
		return nil, "", err
	}
	if file, err = c.beside("seal-keys.json"); err != nil {
		return nil, "", err
	}
	keys, err = readSealKeys(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, file, nil
	}
	return keys, file, err
}

// firstSealKeys makes the keys of a database that has no sealed copies yet. Where there
// are some, their keys are missing, and others would not open them.
func firstSealKeys(ctx context.Context, file string, data *store.Store, house House) (*seal.Keys, error) {
	sealed, err := data.Client().SealedCopy.Query().Exist(access.System(ctx, "are there copies that other keys sealed?"))
	if err != nil {
		return nil, err
	}
	if sealed {
		return nil, fmt.Errorf("the database has sealed copies, and their keys are not there: put %s back", file)
	}
	keys, err := seal.New()
	if err != nil {
		return nil, err
	}
	text, err := keys.Marshal()
	if err != nil {
		return nil, err
	}
	// Whoever else is just making the file keeps it: this fails then, and the next start reads it.
	made, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the keys of sealed copies cannot be kept: %w", err)
	}
	if err := fill(made, text); err != nil {
		return nil, errors.Join(err, os.Remove(file))
	}
	house.Log.InfoContext(ctx, "made the keys of sealed copies: back them up, apart from the database", "file", file)
	return keys, nil
}

// readSealKeys reads a keyset from its file.
func readSealKeys(file string) (*seal.Keys, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the keys of sealed copies cannot be read: %w", err)
	}
	keys, err := seal.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return keys, nil
}

// replaceSealKeys puts a keyset in the place of the one in a file, for the same eyes. At
// no instant is there less in the file than either of the two.
func replaceSealKeys(file string, keys *seal.Keys) error {
	text, err := keys.Marshal()
	if err != nil {
		return err
	}
	if file, err = filepath.EvalSymlinks(file); err != nil {
		return err
	}
	old, err := os.Stat(file)
	if err != nil {
		return err
	}
	fresh, err := os.CreateTemp(filepath.Dir(file), ".seal-keys-*")
	if err != nil {
		return err
	}
	err = errors.Join(fresh.Chmod(old.Mode().Perm()), fill(fresh, text))
	if err == nil {
		err = os.Rename(fresh.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(fresh.Name()))
	}
	return flush(filepath.Dir(file))
}

// fill writes a new file, and returns when it is on the disk.
func fill(file *os.File, text []byte) error {
	_, err := file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return flush(filepath.Dir(file.Name()))
}

// flush returns when the names in a folder are on the disk: a key that is lost with the
// power takes with it all that it sealed.
func flush(folder string) error {
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
