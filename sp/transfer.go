package sp

import (
	"fmt"

	"understudy/seed/base/store"
)

// archiveName is the folder in My Documents for the documents of deactivated members.
const archiveName = "Archived Users"

// deactivate ends a member's access and gives their files to owner (Sigma help: deactivate users). The content of My Documents
// moves to the owner's My Documents > Archived Users > {name}. Other files keep their place and get the new owner.
func deactivate(tx *store.Tx, by Actor, m, owner Member) error {
	if m.Status == MemberInactive {
		return nil
	}
	now := store.Millis(tx.Now())
	if err := tx.Exec(`UPDATE sigma_members SET status = 'inactive', deactivated_ms = $1, updated_ms = $1,
		invitation_hash = '', version = version + 1 WHERE id = $2`, now, m.ID); err != nil {
		return err
	}
	if err := tx.Exec(`DELETE FROM sigma_sessions WHERE member_id = $1`, m.ID); err != nil {
		return err
	}
	moved, into, err := archive(tx, m, owner)
	if err != nil {
		return err
	}
	owned, err := tx.Change(`UPDATE sigma_files SET owner_id = $1, version = version + 1 WHERE owner_id = $2 AND kind <> 'home'`,
		owner.ID, m.ID)
	if err != nil {
		return err
	}
	return record(tx, by, Event{Type: UserAccounts, Name: "DEACTIVATE_MEMBER", Object: Object{"member", m.ID, m.Name()},
		Detail: map[string]string{"email": m.Email, "newOwner": owner.Name(), "newOwnerId": owner.ID, "ownedFiles": fmt.Sprint(owned),
			"movedFromMyDocuments": fmt.Sprint(moved), "movedInto": into}})
}

// archive moves the content of a member's My Documents. moved counts the files on the top level, into is their new place.
func archive(tx *store.Tx, m, owner Member) (moved int, into string, err error) {
	if m.ID == owner.ID {
		return 0, "", nil
	}
	err = tx.QueryRow(`SELECT count(*) FROM sigma_files WHERE parent_id = $1 AND kind <> 'home'`, m.HomeFolderID).Scan(&moved)
	if err != nil || moved == 0 {
		return moved, "", err
	}
	if err := ensureHome(tx, owner); err != nil {
		return moved, "", err
	}
	archives, err := subfolder(tx, owner.HomeFolderID, archiveName, owner.ID)
	if err != nil {
		return moved, "", err
	}
	folder, err := subfolder(tx, archives.ID, m.Name(), owner.ID)
	if err != nil {
		return moved, "", err
	}
	err = tx.Exec(`UPDATE sigma_files SET parent_id = $1 WHERE parent_id = $2 AND kind <> 'home'`, folder.ID, m.HomeFolderID)
	return moved, "My Documents > " + archiveName + " > " + m.Name(), err
}

// reactivate gives a member access again. Their former documents stay with the new owner.
func reactivate(tx *store.Tx, by Actor, m Member) error {
	if m.Status != MemberInactive {
		return nil
	}
	if err := tx.Exec(`UPDATE sigma_members SET status = 'active', deactivated_ms = 0, directory_deleted = 0, updated_ms = $1, version = version + 1
		WHERE id = $2`, store.Millis(tx.Now()), m.ID); err != nil {
		return err
	}
	return record(tx, by, Event{Type: UserAccounts, Name: "REACTIVATE_MEMBER", Object: Object{"member", m.ID, m.Name()},
		Detail: map[string]string{"email": m.Email}})
}

// emptyTeamWorkspace moves the content of a team's workspace to the owner's My Documents, and counts the moved files.
func emptyTeamWorkspace(tx *store.Tx, t Team, owner Member) (moved int64, err error) {
	if t.WorkspaceID == "" {
		return 0, nil
	}
	if err := ensureHome(tx, owner); err != nil {
		return 0, err
	}
	moved, err = tx.Change(`UPDATE sigma_files SET parent_id = $1 WHERE parent_id = $2 AND kind <> 'home'`,
		owner.HomeFolderID, t.WorkspaceID)
	return moved, err
}

// subfolder finds a folder by name, or creates it.
func subfolder(tx *store.Tx, parentID, name, ownerID string) (File, error) {
	list, err := store.List(tx, scanFile,
		selectFiles+` WHERE f.parent_id = $1 AND f.kind <> 'home' AND f.kind = 'folder' AND f.name = $2 AND f.trashed_ms = 0`, parentID, name)
	if err != nil || len(list) > 0 {
		if err != nil {
			return File{}, err
		}
		return list[0], nil
	}
	return insertFile(tx, File{Kind: KindFolder, ParentID: parentID, Name: name, OwnerID: ownerID}, "", ownerID)
}
