// The canonical text of an Image, in sections that each can be kept and compared alone.
//
// "plane NAME topology", "… speeds", "… lids", "… firmware", "… unseen", where the SM was asked, "… sm", and
// where forwarding tables were read, "… routing";
// "hosts adapters", "hosts interfaces", "hosts bonds", "hosts members" with an entry for each host; "pairs".
// Where there are no hosts there are no sections of them, and no "pairs" where those are not known. Each is
// JSON: an object with sorted keys and "schema", the elements of its lists a line each, so that what has
// changed is some lines. Equal images have equal texts.
//
// Threading: pure functions.
// Errors:    kMalformed    not a section, or one without the other that it needs: says which, what and where
//            kUnsupported  written by a newer aftershock
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "model/image.h"

namespace aftershock {

using Sections = std::map<std::string, std::string>;  // name to text

Sections ToSections(const Image& image);
// Text from anywhere. A host's name is that which its sections have it under.
Result<Image> ImageFromSections(const Sections& sections, WallTime taken);

}  // namespace aftershock
