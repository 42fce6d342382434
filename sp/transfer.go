package sp

import (
	"fmt"

	"understudy/seed/base/store"
)

// archiveName is the folder in an Admin's My Documents that takes the documents of deactivated people.
const archiveName = "Archived Users"

// deactivate ends a member's access and hands what they own to heir (Sigma help: deactivate users): the content of My
// Documents into heir's My Documents > Archived Users > {name}; what lies elsewhere stays there with a new owner.
func deactivate(tx *store.Tx, by Actor, m, heir Member) error {
	if m.Status == MemberInactive {
		return nil
	}
	now := store.Millis(tx.Now())
	if err := tx.Exec(`UPDATE sigma_members SET status = 'inactive', deactivated_ms = $1, updated_ms = $1, invitation_hash = '', version = version + 1
		WHERE id = $2`, now, m.ID); err != nil {
		return err
	}
	if err := tx.Exec(`DELETE FROM sigma_sessions WHERE member_id = $1`, m.ID); err != nil {
		return err
	}
	moved, into, err := archive(tx, m, heir)
	if err != nil {
		return err
	}
	owned, err := tx.Change(`UPDATE sigma_files SET owner_id = $1, version = version + 1 WHERE owner_id = $2 AND kind <> 'home'`, heir.ID, m.ID)
	if err != nil {
		return err
	}
	return record(tx, by, Event{Type: UserAccounts, Name: "DEACTIVATE_MEMBER", Object: Object{"member", m.ID, m.Name()},
		Detail: map[string]string{"email": m.Email, "newOwner": heir.Name(), "newOwnerId": heir.ID, "ownedFiles": fmt.Sprint(owned),
			"movedFromMyDocuments": fmt.Sprint(moved), "movedInto": into}})
}

func archive(tx *store.Tx, m, heir Member) (moved int, into string, err error) {
	if m.ID == heir.ID {
		return 0, "", nil
	}
	if err := tx.QueryRow(`SELECT count(*) FROM sigma_files WHERE parent_id = $1`, m.HomeFolderID).Scan(&moved); err != nil || moved == 0 {
		return moved, "", err
	}
	archives, err := subfolder(tx, heir.HomeFolderID, archiveName, heir.ID)
	if err != nil {
		return moved, "", err
	}
	folder, err := subfolder(tx, archives.ID, m.Name(), heir.ID)
	if err != nil {
		return moved, "", err
	}
	err = tx.Exec(`UPDATE sigma_files SET parent_id = $1 WHERE parent_id = $2`, folder.ID, m.HomeFolderID)
	return moved, "My Documents > " + archiveName + " > " + m.Name(), err
}

// reactivate gives the same member access again, without the documents.
func reactivate(tx *store.Tx, by Actor, m Member) error {
	if m.Status != MemberInactive {
		return nil
	}
	if err := tx.Exec(`UPDATE sigma_members SET status = 'active', deactivated_ms = 0, updated_ms = $1, version = version + 1 WHERE id = $2`,
		store.Millis(tx.Now()), m.ID); err != nil {
		return err
	}
	return record(tx, by, Event{Type: UserAccounts, Name: "REACTIVATE_MEMBER", Object: Object{"member", m.ID, m.Name()},
		Detail: map[string]string{"email": m.Email}})
}

// emptyTeamWorkspace moves the documents of a team's workspace folder into the My Documents of the acting Admin.
func emptyTeamWorkspace(tx *store.Tx, t Team, heir Member) (moved int64, err error) {
	if t.WorkspaceID == "" {
		return 0, nil
	}
	moved, err = tx.Change(`UPDATE sigma_files SET parent_id = $1 WHERE parent_id = $2`, heir.HomeFolderID, t.WorkspaceID)
	return moved, err
}

// subfolder finds or makes a folder by name.
func subfolder(tx *store.Tx, parentID, name, ownerID string) (File, error) {
	list, err := store.List(tx, scanFile, fileColumns+` WHERE f.parent_id = $1 AND f.kind = 'folder' AND f.name = $2 AND f.trashed_ms = 0`, parentID, name)
	if err != nil || len(list) > 0 {
		if err != nil {
			return File{}, err
		}
		return list[0], nil
	}
	return insertFile(tx, File{Kind: KindFolder, ParentID: parentID, Name: name, OwnerID: ownerID}, "", ownerID)
}
