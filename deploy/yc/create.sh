#!/usr/bin/env bash
# Creates with yc what deploy/terraform creates: network, accounts, buckets, secrets, the cluster and Caravan's VM.
# Looks first, and creates only what is missing: call it again where it has failed. See --help.
set -euo pipefail

here="$(cd -- "${BASH_SOURCE[0]%/*}" && pwd)"
vm_files="$here/../vm"

usage() {
  cat <<'TEXT'
usage: deploy/yc/create.sh OPTION...

  --folder-id ID                  the cloud folder; give Caravan a folder of its own
  --release-bucket NAME           bucket to create for releases and jars; jobs can't write to it
  --data-bucket NAME              bucket to create for data, results and logs
  --ssh-public-keys-file FILE     public SSH keys, one a line; Data Processing demands one

  --name NAME                     what the names of all resources begin with (caravan)
  --zone ZONE                     (ru-central1-a)
  --subnet CIDR                   (10.77.0.0/24)
  --image VERSION                 image of Data Processing (2.1)
  --hosts N                       compute hosts (2)
  --preset PRESET                 of all hosts of the cluster (s3-c4-m16)
  --disk-type TYPE                network-ssd or network-hdd (network-ssd)
  --disk-size GB                  of each host; paid while the cluster is stopped, too (20)
  --endpoint-port PORT            (8998)
  --ssh-cidr CIDR                 from where SSH to the VM is permitted; several times, or never (from nowhere)
  --http-egress                   the cluster's hosts may call out on port 80: needed without a jre-17.tar.gz in the release bucket

  --base                          ends before cluster and VM. Then call upload.sh, then this again without it
  --dry-run                       prints the commands, and calls nothing
  --user-data                     prints the VM's user data, and creates nothing
TEXT
}

die() {
  echo "create.sh: $*" >&2
  exit 2
}

folder='' releases='' data='' keys='' name=caravan zone=ru-central1-a subnet=10.77.0.0/24 image=2.1 hosts=2 preset=s3-c4-m16
disk_type=network-ssd disk_size=20 port=8998 http_egress=no base=no mode=create
ssh_cidrs=()
words=("$@")

while [ $# -gt 0 ]; do
  case "$1" in
    --http-egress) http_egress=yes ;;
    --base) base=yes ;;
    --dry-run) mode=dry-run ;;
    --user-data) mode=user-data ;;
    -h | --help)
      usage
      exit 0
      ;;
    --folder-id | --release-bucket | --data-bucket | --ssh-public-keys-file | --name | --zone | --subnet | --image | --hosts | --preset | --disk-type | \
      --disk-size | --endpoint-port | --ssh-cidr)
      [ $# -ge 2 ] || die "$1 needs a value"
      case "$1" in
        --folder-id) folder="$2" ;;
        --release-bucket) releases="$2" ;;
        --data-bucket) data="$2" ;;
        --ssh-public-keys-file) keys="$2" ;;
        --name) name="$2" ;;
        --zone) zone="$2" ;;
        --subnet) subnet="$2" ;;
        --image) image="$2" ;;
        --hosts) hosts="$2" ;;
        --preset) preset="$2" ;;
        --disk-type) disk_type="$2" ;;
        --disk-size) disk_size="$2" ;;
        --endpoint-port) port="$2" ;;
        --ssh-cidr) ssh_cidrs+=("$2") ;;
      esac
      shift
      ;;
    *) die "unknown option '$1' (--help lists them)" ;;
  esac
  shift
done

# must VALUE PATTERN SENTENCE
must() { [[ "$1" =~ ^($2)$ ]] || die "$3, but is '$1'"; }
cidr='[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}'
must "$folder" '[a-z0-9]{20}' '--folder-id must be an id of 20 lower-case letters and digits'
must "$releases" '[a-z0-9][a-z0-9-]{1,61}[a-z0-9]' '--release-bucket must have 3 to 63 lower-case letters, digits and hyphens'
must "$data" '[a-z0-9][a-z0-9-]{1,61}[a-z0-9]' '--data-bucket must have 3 to 63 lower-case letters, digits and hyphens'
[ "$releases" != "$data" ] || die "--data-bucket must not be --release-bucket: jobs could then replace the endpoint"
must "$name" '[a-z][a-z0-9-]{1,30}[a-z0-9]' '--name must have 3 to 32 lower-case letters, digits and hyphens'
must "$zone" 'ru-central1-[a-z]' '--zone must be one of the region ru-central1'
must "$subnet" "$cidr" '--subnet must be an IPv4 network, such as 10.77.0.0/24'
must "$image" '2\.[0-9]+(\.[0-9]+)?' '--image must be a version 2.x or 2.x.y'
must "$hosts" '[1-9][0-9]{0,2}' '--hosts must be a number, 1 or more'
must "$preset" '[a-z0-9.-]+' '--preset must be a preset, such as s3-c4-m16'
must "$disk_type" 'network-ssd|network-hdd' '--disk-type must be network-ssd or network-hdd'
must "$disk_size" '[2-9][0-9]|[1-9][0-9]{2,4}' '--disk-size must be a number of GB, 20 or more'
must "$port" '[1-9][0-9]{3,4}' '--endpoint-port must be a port from 1025 to 65535'
if [ "$port" -le 1024 ] || [ "$port" -ge 65536 ]; then die "--endpoint-port must be a port from 1025 to 65535, but is '$port'"; fi
for range in ${ssh_cidrs[@]+"${ssh_cidrs[@]}"}; do
  must "$range" "$cidr" '--ssh-cidr must be an IPv4 network, such as 203.0.113.7/32'
  [ "${range#0.0.0.0/}" = "$range" ] || die "--ssh-cidr must not be the whole internet"
done
[ -r "$keys" ] || die "--ssh-public-keys-file must be a file with public SSH keys, but '$keys' can't be read"
if [ ! -s "$keys" ] || grep -qvE '^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp[0-9]+) [A-Za-z0-9+/=]+( [^"\\]*)?$' "$keys"; then
  die "$keys must have a public SSH key on each line: what is in a .pub file"
fi
[ "$mode" = dry-run ] || type -P yc >/dev/null || die "there is no yc on the PATH: install Yandex Cloud's CLI, and call yc init"

say() { echo "$*" >&2; }

# In words of commands, @NAME@ stands for the variable NAME: an id that only the cloud knows. A dry run prints the variable.
shown() {
  local word
  for word in "$@"; do
    if [[ "$word" =~ @[a-z0-9_]+@ ]]; then
      printf '"%s" ' "$(sed -E 's/@([a-z0-9_]+)@/${\1}/g' <<<"$word")"
    elif [[ "$word" =~ ^[A-Za-z0-9_./:=-]+$ ]]; then
      printf '%s ' "$word"
    else
      printf "'%s' " "${word//\'/\'\\\'\'}"
    fi
  done
}

# Sets filled: the words, with the ids in them.
fill() {
  local word variable
  filled=()
  for word in "$@"; do
    while [[ "$word" =~ @([a-z0-9_]+)@ ]]; do
      variable="${BASH_REMATCH[1]}"
      [ -n "${!variable:-}" ] || die "the id $variable is not known: this is a fault of create.sh"
      word="${word//@"$variable"@/"${!variable}"}"
    done
    filled+=("$word")
  done
}

cloud() { yc "$@" --folder-id "$folder"; }

# run WORD...: a command of yc, or its print.
run() {
  if [ "$mode" = dry-run ]; then
    printf 'yc %s--folder-id %s\n' "$(shown "$@")" "$folder"
    return
  fi
  local -a filled
  fill "$@"
  say "yc ${filled[*]}"
  # What a command says of a resource is of no use here, and would hide what failed.
  cloud "${filled[@]}" >/dev/null
}

# id VARIABLE KIND... NAME: learns the id of what there is now.
id() {
  local variable="$1"
  shift
  if [ "$mode" = dry-run ]; then
    # shellcheck disable=SC2016 # It is printed.
    printf '%s="$(yc %s--format json --jq .id --folder-id %s | tr -d \\")"\n' "$variable" "$(shown "${@:1:$#-1}" get "${@: -1}")" "$folder"
    return
  fi
  local value
  value="$(cloud "${@:1:$#-1}" get "${@: -1}" --format json --jq .id)" || die "${*: -1} can't be found"
  value="${value//\"/}"
  must "$value" '[A-Za-z0-9-]+' "the id of ${*: -1} must be letters and digits"
  printf -v "$variable" '%s' "$value"
}

# missing KIND... NAME: whether there is none of that name. In a dry run there is none.
missing() {
  [ "$mode" != dry-run ] || return 0
  local names
  names="$(cloud "${@:1:$#-1}" list --format json --jq '.[].name')" || die "yc can't list ${*:1:$#-1}: see above"
  ! grep -qxF -- "${*: -1}" <<<"${names//\"/}"
}

# create KIND... NAME -- OPTION...
create() {
  local -a kind=() options=()
  while [ "$1" != -- ]; do
    kind+=("$1")
    shift
  done
  shift
  options=("$@")
  local last=$((${#kind[@]} - 1))
  local resource="${kind[last]}"
  unset 'kind[last]'
  if missing "${kind[@]}" "$resource"; then run "${kind[@]}" create --name "$resource" ${options[@]+"${options[@]}"}; fi
}

# bind ROLE ACCOUNT KIND... NAME: binds the role for the account (a variable with its id), unless it is bound.
bind() {
  local role="$1" account="$2"
  shift 2
  if [ "$mode" != dry-run ]; then
    local bound
    bound="$(cloud "${@:1:$#-1}" list-access-bindings "${@: -1}" --format json --jq '.[] | .role_id + " " + .subject.id')" ||
      die "the roles on ${*: -1} can't be listed: see above"
    ! grep -qxF -- "$role ${!account}" <<<"${bound//\"/}" || return 0
  fi
  run "${@:1:$#-1}" add-access-binding "${@: -1}" --role "$role" --service-account-id "@$account@"
}

# What the secrets hold goes through pipes: no command line and no file has it.
create_secrets() {
  local secret="$name-endpoint" payload
  # The key, as entries of a secret.
  local entries='[{key: "access-key-id", text_value: .access_key.key_id}, {key: "secret-access-key", text_value: .secret}]'
  local -a key=(iam access-key create --service-account-name "$name" --format json --jq "$entries")
  if missing lockbox secret "$secret"; then
    payload='[{"key":"endpoint-token","text_value":"%s"}]'
    if [ "$mode" = dry-run ]; then
      # shellcheck disable=SC2016 # It is printed.
      printf "printf '%s' %s | " "$payload" '"$(od -An -v -N32 -tx1 /dev/urandom | tr -d " \n")"'
      run lockbox secret create --name "$secret" --payload -
    else
      # shellcheck disable=SC2059 # A format.
      printf "$payload" "$(od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n')" | run lockbox secret create --name "$secret" --payload -
    fi
  fi
  secret="$name-s3"
  if missing lockbox secret "$secret"; then
    if [ "$mode" = dry-run ]; then
      printf 'yc %s--folder-id %s | ' "$(shown "${key[@]}")" "$folder"
      run lockbox secret create --name "$secret" --payload -
    else
      # A failure must not make an empty secret, which a second call would take for a whole one.
      payload="$(cloud "${key[@]}")" || die "no S3 key could be made for account $name: see above"
      printf '%s' "$payload" | run lockbox secret create --name "$secret" --payload -
    fi
  fi
}

# grants BUCKET ACCOUNT PERMISSION...: yc can't bind roles to a bucket; its access list does the same. It is set as a whole.
grants() {
  local bucket="$1" grant
  local -a options=()
  shift
  for grant in "$@"; do
    options+=(--grants "grant-type=grant-type-account,grantee-id=@${grant%%:*}@,permission=permission-${grant#*:}")
  done
  run storage bucket update --name "$bucket" "${options[@]}"
}

# Fills in cloud-init.yaml as Terraform's templatefile does.
# shellcheck disable=SC2016 # ${...} are the template's.
user_data() {
  local text conf ssh_keys
  id cluster_id dataproc cluster "$name"
  id endpoint_secret lockbox secret "$name-endpoint"
  id s3_secret lockbox secret "$name-s3"
  conf="$(<"$vm_files/install.conf")"
  conf="${conf//'${release_bucket}'/"$releases"}"
  conf="${conf//'${data_bucket}'/"$data"}"
  conf="${conf//'${endpoint_port}'/"$port"}"
  # shellcheck disable=SC2154 # Set by id.
  {
    conf="${conf//'${cluster_id}'/"$cluster_id"}"
    conf="${conf//'${endpoint_secret}'/"$endpoint_secret"}"
    conf="${conf//'${s3_secret}'/"$s3_secret"}"
  }
  ssh_keys="$(sed 's/.*/"&"/' "$keys" | paste -s -d ,)"
  text="$(<"$vm_files/cloud-init.yaml")"
  text="${text//'${apt_mirror}'/https://mirror.yandex.ru/ubuntu}"
  text="${text//'${ssh_keys}'/"[$ssh_keys]"}"
  text="${text//'${install_conf}'/"$(base64 -w 0 <<<"$conf")"}"
  text="${text//'${install}'/"$(base64 -w 0 "$vm_files/caravan-install")"}"
  printf '%s\n' "$text"
}

if [ "$mode" = user-data ]; then
  user_data
  exit
fi

# --- Network: hosts have no public addresses; their way out is the gateway, which Data Processing demands.
create vpc network "$name" --
create vpc gateway "$name-nat" --
id gateway vpc gateway "$name-nat"
create vpc route-table "$name-nat" -- --network-name "$name" --route "destination=0.0.0.0/0,gateway-id=@gateway@"
create vpc subnet "$name" -- --zone "$zone" --network-name "$name" --range "$subnet" --route-table-name "$name-nat"

out='v4-cidrs=[0.0.0.0/0]'
rules=(--rule "direction=egress,protocol=tcp,port=443,$out" --rule "direction=egress,protocol=udp,port=123,$out"
  --rule "direction=egress,protocol=tcp,port=$port,v4-cidrs=[$subnet]")
for range in ${ssh_cidrs[@]+"${ssh_cidrs[@]}"}; do rules+=(--rule "direction=ingress,protocol=tcp,port=22,v4-cidrs=[$range]"); done
create vpc security-group "$name-vm" -- --network-name "$name" "${rules[@]}"
id vm_group vpc security-group "$name-vm"

rules=(--rule 'direction=ingress,protocol=any,from-port=0,to-port=65535,predefined=self_security_group'
  --rule 'direction=egress,protocol=any,from-port=0,to-port=65535,predefined=self_security_group'
  --rule "direction=ingress,protocol=tcp,port=$port,security-group-id=@vm_group@"
  --rule "direction=egress,protocol=tcp,port=443,$out" --rule "direction=egress,protocol=udp,port=123,$out")
[ "$http_egress" = no ] || rules+=(--rule "direction=egress,protocol=tcp,port=80,$out")
create vpc security-group "$name-cluster" -- --network-name "$name" "${rules[@]}"
id cluster_group vpc security-group "$name-cluster"

# --- Accounts and buckets. dataproc.agent is the only role on the folder: it can't be bound to less.
create iam service-account "$name" --
id caravan_account iam service-account "$name"
create iam service-account "$name-cluster" --
id cluster_account iam service-account "$name-cluster"
bind dataproc.agent cluster_account resource-manager folder "$folder"
create storage bucket "$releases" --
grants "$releases" caravan_account:read cluster_account:read
create storage bucket "$data" --
grants "$data" caravan_account:read cluster_account:read cluster_account:write
run storage bucket update --name "$data" --lifecycle-rules-from-file "$here/lifecycle.json"

# --- Secrets
create_secrets
id endpoint_secret lockbox secret "$name-endpoint"
bind lockbox.payloadViewer caravan_account lockbox secret "$name-endpoint"
bind lockbox.payloadViewer cluster_account lockbox secret "$name-endpoint"
bind lockbox.payloadViewer caravan_account lockbox secret "$name-s3"

if [ "$base" = yes ]; then
  [ "$mode" = dry-run ] || say "The base stands. Next: deploy/upload.sh, then this command without --base."
  exit
fi

# --- The cluster. Neither URI nor arguments name a version: a change would recreate it.
of_host="resource-preset=$preset,disk-type=$disk_type,disk-size=$disk_size,subnet-name=$name,assign-public-ip=false"
create dataproc cluster "$name" -- --environment production --zone "$zone" --service-account-name "$name-cluster" --version "$image" --services yarn,spark \
  --bucket "$data" --ssh-public-keys-file "$keys" --security-group-ids "@cluster_group@" --deletion-protection \
  --subcluster "name=master,role=masternode,hosts-count=1,$of_host" --subcluster "name=compute,role=computenode,hosts-count=$hosts,$of_host" \
  --initialization-action "uri=s3a://$releases/caravan/endpoint/caravan-init.sh,args=[s3://$releases/caravan,@endpoint_secret@],timeout=900"
bind dataproc.editor caravan_account dataproc cluster "$name"
bind dataproc.editor cluster_account dataproc cluster "$name"

# --- Caravan's VM
data_file=caravan-user-data.yaml
if [ "$mode" = dry-run ]; then
  same=()
  for word in "${words[@]}"; do [ "$word" = --dry-run ] || same+=("$word"); done
  printf '%s--user-data >%s\n' "$(shown "$here/create.sh" "${same[@]}")" "$data_file"
elif missing compute instance "$name"; then
  data_file="$(mktemp)"
  trap 'rm -f -- "$data_file"' EXIT
  user_data >"$data_file"
fi
create compute instance "$name" -- --hostname "$name" --zone "$zone" --platform standard-v3 --cores 2 --core-fraction 20 --memory 2 \
  --create-boot-disk "image-folder-id=standard-images,image-family=ubuntu-2204-lts,type=network-ssd,size=15" \
  --network-interface "subnet-name=$name,security-group-ids=@vm_group@" --service-account-name "$name" \
  --metadata-options "gce-http-endpoint=enabled,gce-http-token=enabled,aws-v1-http-endpoint=disabled,aws-v1-http-token=disabled" \
  --metadata-from-file "user-data=$data_file"
[ "$mode" = dry-run ] || say "Everything stands."
