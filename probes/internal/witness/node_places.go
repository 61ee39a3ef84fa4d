package witness

import (
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/frame"
)

// nodeDirectories are directories of a node of which a pod has no business to be served more than a part that is its own: those that
// hold everything, and below them those with credentials, settings, sockets and other pods' files. None is a place where a monitor or
// a file server keeps what it works with: guests' images and kernels (/usr, /opt/kata), logs, a pod's own snapshot and bundle.
var nodeDirectories = []string{
	"/", "/boot", "/dev", "/etc", "/home", "/opt", "/proc", "/root", "/run", "/run/containerd", "/run/crio", "/srv", "/sys", "/tmp", "/usr", "/var",
	"/var/lib", "/var/lib/containerd", "/var/lib/containers", "/var/log", "/var/run",
	"/etc/cni", "/etc/cni/net.d", "/etc/containerd", "/etc/containers", "/etc/cron.d", "/etc/crio", "/etc/kubernetes", "/etc/kubernetes/manifests",
	"/etc/kubernetes/pki", "/etc/kubernetes/pki/etcd", "/etc/pam.d", "/etc/pki", "/etc/rancher", "/etc/rancher/k3s", "/etc/rancher/rke2", "/etc/ssh",
	"/etc/ssl", "/etc/ssl/private", "/etc/sudoers.d", "/etc/systemd", "/etc/systemd/system",
	"/opt/cni", "/opt/cni/bin", "/root/.docker", "/root/.kube", "/root/.ssh", "/run/dbus", "/run/docker", "/run/systemd",
	"/var/lib/containerd/io.containerd.content.v1.content", "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs",
	"/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots", "/var/lib/containers/storage", "/var/lib/containers/storage/overlay",
	"/var/lib/docker", "/var/lib/etcd", "/var/lib/etcd/member", "/var/lib/k0s", "/var/lib/k0s/pki", "/var/lib/rancher", "/var/lib/rancher/k3s",
	"/var/lib/rancher/k3s/server", "/var/lib/rancher/rke2", "/var/lib/rancher/rke2/server", "/var/log/containers", "/var/log/pods",
	"/var/spool/cron",
}

// kubeletDirectories are the same below the kubelet's own, in `pods` of which each pod has what is its own.
var kubeletDirectories = []string{"", "/device-plugins", "/pki", "/plugins_registry", "/pods"}

// nodeFiles are files of which none but the node's own services has a use, known wherever they are mounted and whatever a server that
// changed its root calls them: keys, passwords, and what administers the cluster.
var nodeFiles = []string{
	"/etc/gshadow", "/etc/kubernetes/admin.conf", "/etc/kubernetes/controller-manager.conf", "/etc/kubernetes/kubelet.conf",
	"/etc/kubernetes/pki/apiserver.key", "/etc/kubernetes/pki/ca.key", "/etc/kubernetes/pki/etcd/ca.key", "/etc/kubernetes/pki/sa.key",
	"/etc/kubernetes/scheduler.conf", "/etc/kubernetes/super-admin.conf", "/etc/rancher/k3s/k3s.yaml", "/etc/rancher/rke2/rke2.yaml",
	"/etc/shadow", "/etc/ssh/ssh_host_ecdsa_key", "/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_rsa_key", "/etc/sudoers",
	"/root/.kube/config", "/root/.ssh/authorized_keys", "/root/.ssh/id_ed25519", "/root/.ssh/id_rsa", "/var/lib/etcd/member/snap/db",
}

// maxName bounds the name of a file that nobody listed.
const maxName = 256

// inode is what a file is, wherever it is mounted and whatever a process calls it.
type inode struct{ device, number uint64 }

func inodeOf(stat *unix.Stat_t) inode { return inode{uint64(stat.Dev), stat.Ino} }

// places are what of the node may not be held.
type places struct {
	// root is where the node's files are, kubelet the kubelet's directory below it.
	root, kubelet string
	// names are those of directories and files.
	names map[inode]string
	// disks by their numbers: those of hardware with their partitions, and what the node's root is on.
	disks map[uint64]string
}

// placesOfNode reads them below the root of the node.
func placesOfNode(root, kubelet string) places {
	all := places{root, kubelet, map[inode]string{}, map[uint64]string{}}
	all.add(unix.S_IFDIR, nodeDirectories)
	for _, directory := range kubeletDirectories {
		all.add(unix.S_IFDIR, []string{kubelet + directory})
	}
	all.add(unix.S_IFREG, nodeFiles)
	var stat unix.Stat_t
	if unix.Stat(root+"/", &stat) == nil {
		all.disks[uint64(stat.Dev)] = "the disk of /"
	}
	all.addDisks("/sys/block")
	return all
}

// add takes those that are there and of that type.
func (p places) add(kind uint32, paths []string) {
	for _, path := range paths {
		var stat unix.Stat_t
		if unix.Stat(p.root+path, &stat) != nil || stat.Mode&unix.S_IFMT != kind {
			continue
		}
		// Links lead to what is there already: /var/run to /run.
		if _, known := p.names[inodeOf(&stat)]; !known {
			p.names[inodeOf(&stat)] = path
		}
	}
}

// known is the name of a directory or file. One that was removed meanwhile leaves its number to another.
func (p places) known(stat *unix.Stat_t) string {
	name, found := p.names[inodeOf(stat)]
	var now unix.Stat_t
	if !found || unix.Stat(p.root+name, &now) != nil || inodeOf(&now) != inodeOf(stat) {
		return ""
	}
	return name
}

// private is the path of another regular file of the node that is not for everybody: where it keeps settings, keys and its cluster's
// state, and not all users may read it, or it is open for writing. What libraries read for themselves (/etc/ld.so.cache,
// /etc/localtime, /etc/nsswitch.conf, /etc/passwd, /etc/hosts) may be read by all. A monitor may boot what is in /boot, where some
// distributions keep kernels from users, so that only writing counts there.
//
// The path is as the process has it, whose root may be another: that counts only which is the very file that the node has there.
func (p places) private(file openFile, stat *unix.Stat_t) string {
	if !p.keepsToItself(file.target, stat.Mode&0o004 != 0, func() bool { return opensForWriting(file.link) }) {
		return ""
	}
	var ofNode unix.Stat_t
	if unix.Lstat(p.root+file.target, &ofNode) != nil || inodeOf(&ofNode) != inodeOf(stat) {
		return ""
	}
	name, _ := frame.Bounded([]byte(file.target), maxName)
	return name
}

func (p places) keepsToItself(path string, forAll bool, writing func() bool) bool {
	switch {
	// What the kubelet and its storage drivers mount for pods.
	case below(path, p.kubelet+"/pods", p.kubelet+"/plugins"):
		return false
	case below(path, "/etc", p.kubelet, "/var/lib/etcd", "/var/lib/k0s/pki", "/var/lib/rancher/k3s/server", "/var/lib/rancher/rke2/server"):
		return !forAll || writing()
	case below(path, "/boot"):
		return writing()
	default:
		return !forAll && isCredential(path)
	}
}

// isCredential: somebody's keys for other machines. Not all of a home: somebody may keep guests' images there.
func isCredential(path string) bool {
	return below(path, "/root", "/home") && slices.ContainsFunc(strings.Split(path, "/"), func(part string) bool {
		return slices.Contains([]string{".aws", ".azure", ".docker", ".gnupg", ".kube", ".ssh"}, part)
	})
}

func below(path string, directories ...string) bool {
	return slices.ContainsFunc(directories, func(directory string) bool { return strings.HasPrefix(path, directory+"/") })
}

// opensForWriting: the permissions of the link are those of the descriptor (proc_pid_fd(5)).
func opensForWriting(link string) bool {
	info, err := os.Lstat(link)
	return err == nil && info.Mode()&0o200 != 0
}
